import { expect } from 'chai';
import type { Answer } from '../http/http-client.ts';
import { tasksOf, type TaskBody } from '../http/response-schemas.ts';
import type { User } from '../http/service.ts';

/** The titles of a list, in its order. */
export const titlesOf = (answer: Answer): readonly string[] => {
  expect(answer.status, answer.text).to.equal(200);
  return tasksOf(answer).map(({ title }) => title);
};

/** The targets in `Link` (RFC 8288) by their relation. Throws for anything that is not a list of links with one relation each. */
export const linksOf = ({ headers }: Answer): Readonly<Record<string, string>> => {
  const { link } = headers;
  if (link === undefined) return {};
  const links = link.split(', ').map((one) => {
    const [, target, relation] = /^<([^<>"\s]+)>; rel="([a-z]+)"$/.exec(one) ?? [];
    if (target === undefined || relation === undefined) throw new Error(`Not a Link header: ${link}`);
    return [relation, target] as const;
  });
  const byRelation = Object.fromEntries(links);
  expect(Object.keys(byRelation), link).to.have.length(links.length);
  return byRelation;
};

/** The parameters of the link to the next page; none on the last page. */
export const nextParametersOf = (answer: Answer): Readonly<Record<string, string>> =>
  Object.fromEntries(new URL(linksOf(answer)['next'] ?? '/', 'http://a').searchParams);

/** All pages of a list, from this one on. */
export const allPages = async (user: User, first: string): Promise<TaskBody[][]> => {
  const pages: TaskBody[][] = [];
  for (let target: string | undefined = first; target !== undefined;) {
    const answer = await user.get(target);
    expect(answer.status, answer.text).to.equal(200);
    pages.push(tasksOf(answer));
    if (pages.length > 50) throw new Error('Link never ends');
    target = linksOf(answer)['next'];
  }
  return pages;
};
