/** What a write costs in a table's indexes: the embedded DynamoDB does not count it, so it is reckoned by AWS's rules. */

export type Item = Record<string, unknown>;

interface Index {
  /** Partition key, and sort key where it has one. */
  keys: string[];
  /** Beside the keys of table and index. */
  projection: 'ALL' | 'KEYS_ONLY';
}

export interface IndexedTable {
  keys: string[];
  indexes: Index[];
}

const UNIT_BYTES = 1024;

/**
 * Write units that the indexes of a table take when an item changes from `before` to `after` (`undefined`: it is not
 * there). For each index: one write where the item enters, leaves, or changes in what the index holds of it; two (a
 * removal and an entry) where its key in the index changes; none where the index sees no change. Each write is rounded
 * up to whole units of 1 KB of what the index holds.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
 */
export function indexWriteUnits(
  { keys, indexes }: IndexedTable,
  before: Item | undefined,
  after: Item | undefined,
): number {
  const ofOne = (index: Index): number => {
    const old = heldBy(index, keys, before);
    const held = heldBy(index, keys, after);
    if (!old || !held) return units(old ?? held);
    const isMoved = index.keys.some((key) => old[key] !== held[key]);
    if (isMoved) return units(old) + units(held);
    return JSON.stringify(old) === JSON.stringify(held) ? 0 : Math.max(units(old), units(held));
  };
  return indexes.reduce((sum, index) => sum + ofOne(index), 0);
}

/** What an index holds of an item; `undefined` where the item lacks a key of it: the index is sparse. */
function heldBy(index: Index, tableKeys: string[], item: Item | undefined): Item | undefined {
  if (!item || index.keys.some((key) => item[key] === undefined)) return undefined;
  const names = index.projection === 'ALL' ? Object.keys(item) : [...tableKeys, ...index.keys];
  return Object.fromEntries(names.toSorted().map((name) => [name, item[name]]));
}

function units(item: Item | undefined): number {
  return item ? Math.ceil(itemBytes(item) / UNIT_BYTES) : 0;
}

/**
 * About the size of an item in bytes: names and values as UTF-8, as JSON writes them; a little more than DynamoDB counts.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Item): number {
  return Buffer.byteLength(JSON.stringify(item));
}
