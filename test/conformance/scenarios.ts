/** Scenarios of the official suite that a server with these capabilities must pass. */
export const applicable = [
  'server-initialize',
  'ping',
  'tools-list',
  'resources-list',
  'prompts-list',
  'dns-rebinding-protection',
] as const;

const fixture = 'calls a fixture with a fixed name, which a service of tasks does not have';
const capability = (name: string): string => `not offered: ${name}`;

/** All other scenarios for servers, with the reason why each is not run. */
export const skipped: Readonly<Record<string, string>> = {
  'tools-call-simple-text': fixture,
  'tools-call-image': fixture,
  'tools-call-audio': fixture,
  'tools-call-embedded-resource': fixture,
  'tools-call-mixed-content': fixture,
  'tools-call-error': fixture,
  'json-schema-2020-12': fixture,
  'resources-read-text': fixture,
  'resources-read-binary': fixture,
  'resources-templates-read': fixture,
  'prompts-get-simple': fixture,
  'prompts-get-with-args': fixture,
  'prompts-get-embedded-resource': fixture,
  'prompts-get-with-image': fixture,
  'logging-set-level': capability('logging to clients'),
  'tools-call-with-logging': capability('logging to clients'),
  'tools-call-with-progress': capability('progress of calls'),
  'completion-complete': capability('completion'),
  'tools-call-sampling': capability('requests to clients'),
  'tools-call-elicitation': capability('requests to clients'),
  'elicitation-sep1034-defaults': capability('requests to clients'),
  'elicitation-sep1330-enums': capability('requests to clients'),
  'server-sse-polling': capability('sessions'),
  'server-sse-multiple-streams': capability('sessions'),
  'resources-subscribe': capability('subscriptions of the protocol before 2026-07-28, which have a session'),
  'resources-unsubscribe': capability(
    'subscriptions of the protocol before 2026-07-28, which have a session',
  ),
};
