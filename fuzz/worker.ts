/** A process of `npm run fuzz`: hunts at one route after another, as it is told. */
import { allDoors, type Hunt, hunt, type Report } from './hunt.ts';
import { openWorld } from './world.ts';

export type Order = { door: string } & Pick<Hunt, 'requests' | 'seed'>;
/** `done`: requests of the present order so far. */
export type Message =
  | { kind: 'ready' }
  | { kind: 'progress'; done: number }
  | { kind: 'report'; report: Report };

const { doors, functionNames } = await allDoors();
const world = await openWorld(functionNames);
const say = (message: Message) => process.send?.(message);

process.on('message', async ({ door: name, ...order }: Order) => {
  const door = doors.find((one) => one.name === name);
  if (!door) throw new Error(`There is no door ${name}.`);
  const onProgress = (done: number) => say({ kind: 'progress', done });
  say({ kind: 'report', report: await hunt(door, world, { ...order, onProgress }) });
});
// Nothing is kept: whoever started this has all reports, or is gone.
process.on('disconnect', () => process.exit());
say({ kind: 'ready' });
