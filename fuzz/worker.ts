/** A process of `npm run fuzz`: it hunts in one route after another, on order. */
import { allTargets, type Hunt, hunt, type Report } from './hunt.ts';
import { openWorld } from './world.ts';

export type Order = { target: string } & Pick<Hunt, 'requests' | 'seed'>;
/** `done`: requests sent so far for the current order. */
export type Message =
  | { kind: 'ready' }
  | { kind: 'progress'; done: number }
  | { kind: 'report'; report: Report };

const { targets, functionNames } = await allTargets();
const world = await openWorld(functionNames);
const say = (message: Message) => process.send?.(message);

process.on('message', async ({ target: name, ...order }: Order) => {
  const target = targets.find((one) => one.name === name);
  if (!target) throw new Error(`There is no target ${name}.`);
  const onProgress = (done: number) => say({ kind: 'progress', done });
  say({ kind: 'report', report: await hunt(target, world, { ...order, onProgress }) });
});
// Nothing has to be saved: the parent process has all reports, or has ended.
process.on('disconnect', () => process.exit());
say({ kind: 'ready' });
