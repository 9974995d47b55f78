import * as z from 'zod/mini';
import type { Actor } from '../domain/actor.ts';
import { named } from './components.ts';
import { type Shape, text } from './schemas.ts';

/** Who has changed something. */
export const actor = named(
  'Actor',
  z.object({
    caller: z.enum(['site', 'platform', 'terminal']),
    keyId: z.optional(text),
    name: z.optional(text),
    via: z.optional(z.literal('console')),
  } satisfies Shape<Actor>),
  {
    properties: {
      caller: 'Whose key was sent; `terminal`: who runs this API, without its keys',
      keyId:
        'The id of that key, as `GET …/keys` shows it. Keys of the platform are named to the platform alone',
      name: 'What the key is called, if it has a name',
      via: '`console`: by a person who had signed in to the console with that key, or with a link that was made with it',
    },
  },
);
