import { expect } from 'chai';
import type { ContractTests } from '../task-repository.ts';
import { anOwner, aQuery, aTask, description, instant, title, userId } from '../../support/tasks/tasks.ts';

export const textTests: ContractTests = (tasks) => {
  const texts: readonly (readonly [what: string, text: string])[] = [
    ['emoji', '🧑🏽‍🚀👨‍👩‍👧‍👦🏳️‍🌈🇩🇪'],
    ['right-to-left text', 'קנה חלב اشترِ الحليب \u202emilk\u202c \u2067שלום\u2069'],
    ['zero-width characters', 'a\u200bb\u200cc\u200dd\ufeffe\u2060'],
    ['combining marks', 'Z\u0351\u036b\u0343\u036a\u0302a\u0363\u034b e\u0301 é'],
    ['a ligature and canonically equivalent forms', 'ﬁ ﬀ Å \u212b \u00c5 A\u030a'],
    ['Chinese, Japanese, Korean', '買牛奶 牛乳を買う 우유 사기'],
    ['the last code point and noncharacters', 'x\u{10ffff}\uffff\ufffe\ufdd0x'],
    ['the replacement character', 'x\ufffdx'],
    ['control characters', 'a\u0001\u0008\u001b\u007f\u0080\u0085\u009fb'],
    ['line breaks of every kind', 'a\nb\r\nc\rd\u2028e\u2029f\vg\fh'],
    ['quotes and backslashes', `' '' " \\ \\' \\u0000 \\n $1 $$ -- ; /* */ {} % _ ? E'\\x'`],
    ['text that looks like SQL', `x'); DROP TABLE tasks; --`],
    ['the text null', 'null'],
  ];
  for (const [what, text] of texts)
    it(`given ${what}: returns it byte for byte`, async () => {
      const owner = anOwner({ id: userId(`user ${text.replace(/\p{Cc}/gu, '')}`) });
      const written = { title: title(text), description: description(`  ${text}  `) };
      const added = await tasks().add(owner, aTask(written));
      expect(added).to.include({ ...written, owner: owner.id });
      const changed = await tasks().add(owner, aTask());
      await tasks().change(owner, changed.id, written, instant(0));
      for (const { id } of [added, changed])
        expect(await tasks().find(owner.id, id)).to.include({ ...written, owner: owner.id });
      const { tasks: listed } = await tasks().list(owner.id, aQuery());
      expect(listed.map((task) => task.description)).to.deep.equal([`  ${text}  `, `  ${text}  `]);
    });
};
