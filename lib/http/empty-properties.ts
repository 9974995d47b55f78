/** What a schema says of the properties of a body: which there are, and which count as left out. */

import type * as z from 'zod/mini';
import { plainLetters } from '../domain/did-you-mean.ts';
import { isVisible } from '../telegram/text/clean.ts';

type Schema = z.core.$ZodType;

/** What happens to a `null` or a `""` in an optional property. */
export type EmptyProperties = 'left out' | 'refused';

/**
 * A body without its empty properties: programs often send `null` or `""` for what they do not know. In an optional
 * property both mean that it is left out; where `null` removes something, `""` does so too. What is required stays as
 * it is, and so is refused.
 *
 * @param empty `refused`: only what removes something is taken.
 */
export function withoutEmpty(schema: Schema, value: unknown, empty: EmptyProperties = 'left out'): unknown {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return mapProperties(value, (name, inner) => {
        const property = propertyOf(def.shape, name);
        return property ? keptProperty(property, inner, empty) : inner;
      });
    case 'record':
      return mapProperties(value, (_, inner) =>
        inner === null && !takesNull(def.valueType) ? undefined : inner,
      );
    case 'array':
      return Array.isArray(value) ? value.map((entry) => withoutEmpty(def.element, entry, empty)) : value;
    case 'optional':
    case 'nullable':
      return withoutEmpty(def.innerType, value, empty);
    default:
      return value;
  }
}

/** Whether `null` means something of its own: that it is removed. */
function takesNull(schema: Schema): boolean {
  return (schema as z.core.$ZodTypes)._zod.def.type === 'nullable';
}

/** @returns `undefined` for a property that counts as left out. */
function keptProperty(property: Schema, value: unknown, empty: EmptyProperties): unknown {
  const { def } = (property as z.core.$ZodTypes)._zod;
  if (def.type !== 'optional') return withoutEmpty(property, value, empty);
  if (isEmpty(value)) {
    if (takesNull(def.innerType)) return null;
    return empty === 'left out' ? undefined : value;
  }
  return withoutEmpty(def.innerType, value, empty);
}

/** Whether a value counts as none. */
export function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'string' && !isVisible(value));
}

/** A copy of an object without the properties that become `undefined`; anything else as it is. */
function mapProperties(value: unknown, map: (name: string, inner: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value).flatMap(([name, inner]) => {
    const mapped = map(name, inner);
    return mapped === undefined ? [] : [[name, mapped] as const];
  });
  return Object.fromEntries(kept);
}

/**
 * The schema by which a body is read: of several that it may be, the one that knows most of its properties, so that errors
 * are those of what was meant: also where their case is wrong. Of two that know as many, the first.
 */
export function meantSchema<Fields>(schema: z.ZodMiniType<Fields>, body: unknown): z.ZodMiniType<Fields> {
  const { def } = (schema as unknown as z.core.$ZodTypes)._zod;
  if (def.type !== 'union') return schema;
  const given = typeof body === 'object' && body !== null ? Object.keys(body) : [];
  const names = new Set(given.map(plainLetters));
  const known = (option: Schema) =>
    namesAt(option, []).filter((name) => names.has(plainLetters(name))).length;
  const best = def.options.reduce((one, other) => (known(other) > known(one) ? other : one));
  // What one of the options accepts, the union accepts.
  return best as z.ZodMiniType<Fields>;
}

/** Whether what is at a place may be left out: an entry of a list, or an optional property of the body. */
export function canBeLeftOut(schema: Schema | undefined, path: readonly PropertyKey[]): boolean {
  const [name, ...inner] = path;
  if (typeof path.at(-1) === 'number') return true;
  const def = (schema as z.core.$ZodTypes | undefined)?._zod.def;
  return def?.type === 'object' && inner.length === 0 && def.shape[String(name)]?._zod.optin === 'optional';
}

function propertyOf(shape: Readonly<Record<string, Schema>>, name: string): Schema | undefined {
  return Object.hasOwn(shape, name) ? shape[name] : undefined;
}

/** The names of the properties that an object at a place of a body may have; none for anything else. */
export function namesAt(schema: Schema | undefined, path: readonly PropertyKey[]): string[] {
  const [name, ...inner] = path;
  const def = (schema as z.core.$ZodTypes | undefined)?._zod.def;
  switch (def?.type) {
    case 'object':
      return name === undefined
        ? Object.keys(def.shape)
        : namesAt(propertyOf(def.shape, String(name)), inner);
    case 'array':
      return namesAt(def.element, inner);
    case 'record':
      return namesAt(def.valueType, inner);
    case 'optional':
    case 'nullable':
      return namesAt(def.innerType, path);
    case 'pipe':
      return namesAt(def.out, path);
    case 'union':
      return def.options.flatMap((option) => namesAt(option, path));
    default:
      return [];
  }
}

/** The properties that a body needs, or, where it needs none, those that it may have: `"eventId", "order"`. */
export function propertiesOf(schema: Schema | undefined): string | undefined {
  const def = (schema as z.core.$ZodTypes | undefined)?._zod.def;
  if (def?.type === 'union') return propertiesOf(def.options[0]);
  if (def?.type !== 'object') return undefined;
  const all = Object.entries(def.shape);
  const required = all.filter(([, property]) => property._zod.optin !== 'optional');
  const named = (required.length > 0 ? required : all).map(([name]) => `"${name}"`);
  return named.length > 0 ? named.join(', ') : undefined;
}
