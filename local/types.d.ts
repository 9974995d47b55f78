declare module 'dynalite' {
  import type { Server } from 'node:http';
  export default function dynalite(options: {
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
    path?: string;
  }): Server;
}

/** Where a server of dynalite keeps its tables, and how it reads and writes them: only tests use that. */
declare module 'dynalite/db/index.js' {
  import type { AttributeValue } from '@aws-sdk/client-dynamodb';

  type Range = { gte: string; lt: string };
  export interface Store {
    db: {
      clear(range: Range): Promise<void>;
      values(range: Range): { all(): Promise<Record<string, AttributeValue>[]> };
    };
  }
  const stores: { create(options: object): Store };
  export default stores;
}
declare module 'dynalite/validations/index.js' {
  import type { Store } from 'dynalite/db/index.js';

  const validations: {
    toLowerFirst(name: string): string;
    checkTypes(data: unknown, types: unknown): unknown;
    checkValidations(data: unknown, types: unknown, custom: unknown, store: Store): void;
  };
  export default validations;
}
declare module 'dynalite/actions/putItem.js' {
  import type { AttributeValue } from '@aws-sdk/client-dynamodb';
  import type { Store } from 'dynalite/db/index.js';

  type Put = { TableName: string; Item: Record<string, AttributeValue> };
  export default function putItem(store: Store, put: Put, done: (error: unknown) => void): void;
}
declare module 'dynalite/actions/getItem.js' {
  import type { AttributeValue } from '@aws-sdk/client-dynamodb';
  import type { Store } from 'dynalite/db/index.js';

  type Attributes = Record<string, AttributeValue>;
  type Get = { TableName: string; Key: Attributes };
  type Done = (error: unknown, found: { Item?: Attributes }) => void;
  export default function getItem(store: Store, get: Get, done: Done): void;
}

/** A script of the emulator's page that the emulator imports too. It is JavaScript, since browsers run nothing else. */
declare module '*/page/start-link.js' {
  export function startIn(text: string): { bot: string; payload: string } | undefined;
}
