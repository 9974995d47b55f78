/** Fields that a person changes, while somebody else may change them too. */

/** A changed field: what was there when the change began, and what the person has made of it. */
export type Changed<Fields> = {
  [Name in keyof Fields]?: { base: Fields[Name]; mine: Fields[Name] };
};

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** @param now what is saved. A field that is as it was is not changed any more. */
export function withChange<Fields, Name extends keyof Fields>(
  changed: Changed<Fields>,
  now: Fields,
  { name, mine }: { name: Name; mine: Fields[Name] },
): Changed<Fields> {
  const { [name]: before, ...others } = changed;
  const base = before ? before.base : now[name];
  const isAsBefore = isSame(base, mine) && isSame(base, now[name]);
  return (isAsBefore ? others : { ...others, [name]: { base, mine } }) as Changed<Fields>;
}

/** What the person has changed, and somebody else too, in another way. */
export function conflictsOf<Fields>(changed: Changed<Fields>, now: Fields): (keyof Fields)[] {
  // `Object.keys` returns `string[]`; its strings are names of fields.
  return (Object.keys(changed) as (keyof Fields)[]).filter((name) => {
    const change = changed[name];
    return change && !isSame(change.base, now[name]) && !isSame(change.mine, now[name]);
  });
}
