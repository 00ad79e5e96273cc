const task = (n: number) => ({ id: '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa', owner: 'bench-12', title: `Task ${n} of owner 12`, description: n % 2 ? null : 'A description of middling length', completed: n % 3 === 0, createdAt: '2026-11-21T08:00:00.000Z', updatedAt: '2026-11-21T08:00:00.000Z', revision: n });
const tasks = Array.from({ length: 20 }, (_, n) => task(n));
type T = ReturnType<typeof task>;
const toJson = (t: T) => ({ id: t.id, user_id: t.owner, title: t.title, description: t.description, completed: t.completed, created_at: t.createdAt, updated_at: t.updatedAt, revision: t.revision });
const own = (t: T) => `{"id":"${t.id}","user_id":${JSON.stringify(t.owner)},"title":${JSON.stringify(t.title)},"description":${t.description === null ? 'null' : JSON.stringify(t.description)},"completed":${t.completed},"created_at":"${t.createdAt}","updated_at":"${t.updatedAt}","revision":${t.revision}}`;
const bench = (name: string, f: () => unknown) => { for (let i = 0; i < 20000; i++) f(); const t = performance.now(); for (let i = 0; i < 50000; i++) f(); console.log(name, ((performance.now() - t) / 50000 * 1000).toFixed(2), 'us'); };
for (let k = 0; k < 2; k++) {
bench('stringify list', () => Buffer.from(JSON.stringify(tasks.map(toJson))));
bench('own list', () => Buffer.from(`[${tasks.map(own).join(',')}]`));
bench('stringify one', () => Buffer.from(JSON.stringify(toJson(tasks[3]!))));
bench('own one', () => Buffer.from(own(tasks[3]!)));
}
