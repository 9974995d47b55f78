/**
 * The cost of a write in a table's indexes. The embedded DynamoDB does not count it, so it is calculated by AWS's
 * rules.
 */

export type Item = Record<string, unknown>;

interface Index {
  /** The partition key, and the sort key if there is one. */
  keys: string[];
  /** The attributes in addition to the keys of table and index. */
  projection: 'ALL' | 'KEYS_ONLY' | { include: string[] };
}

export interface IndexedTable {
  keys: string[];
  indexes: Index[];
}

const UNIT_BYTES = 1024;

/**
 * The write units of a table's indexes for a change of an item from `before` to `after` (`undefined`: it does not
 * exist). For each index: one write if the item is added, removed, or changes in its projected attributes; two (a
 * removal and an addition) if its key in the index changes; none if nothing changes in the index. Each write is rounded
 * up to whole units of 1 KB of the projected size.
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

/** The projection of an item in an index; `undefined` if the item lacks one of its keys: the index is sparse. */
function heldBy(index: Index, tableKeys: string[], item: Item | undefined): Item | undefined {
  if (!item || index.keys.some((key) => item[key] === undefined)) return undefined;
  const names = index.projection === 'ALL' ? Object.keys(item) : projectedNames(index, tableKeys);
  return Object.fromEntries(names.toSorted().map((name) => [name, item[name]]));
}

function projectedNames({ keys, projection }: Index, tableKeys: string[]): string[] {
  const included = typeof projection === 'object' ? projection.include : [];
  return [...new Set([...tableKeys, ...keys, ...included])];
}

function units(item: Item | undefined): number {
  return item ? Math.ceil(itemBytes(item) / UNIT_BYTES) : 0;
}

/**
 * The approximate size of an item in bytes: names and values as JSON in UTF-8; slightly more than DynamoDB counts. Bytes
 * count as they are.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Item): number {
  let bytes = 0;
  const withoutBytes = JSON.stringify(item, function skipBytes(this: Item, name, value: unknown) {
    // A buffer has become something else in `value`.
    const held = this[name];
    if (!(held instanceof Uint8Array)) return value;
    bytes += held.byteLength;
    return '';
  });
  return bytes + Buffer.byteLength(withoutBytes);
}
