import { deleteItem, getItem, putItem } from '../aws/dynamodb.ts';

/** The tables that a retention run reads, in this order: first the people, then what is left of them elsewhere. */
export const STAGES = ['users', 'chats', 'reminders', 'bots'] as const;
export type Stage = (typeof STAGES)[number];

/** How far a run came. The next one goes on from there. */
export interface Progress {
  stage: Stage;
  /** The key after which it goes on; absent: from the beginning of the stage. */
  from?: Record<string, unknown> | undefined;
}

/** One item of the links table. No other key there begins like it. */
const KEY = { token: 'retention#progress' };

/** @returns the beginning, if the last run has come to its end. */
export async function readProgress(): Promise<Progress> {
  return (await getItem<Progress>('LINKS_TABLE', KEY)) ?? { stage: STAGES[0] };
}

export async function saveProgress(progress: Progress): Promise<void> {
  await putItem('LINKS_TABLE', { ...KEY, ...progress });
}

/** The run has come to its end: the next one begins anew. */
export async function clearProgress(): Promise<void> {
  await deleteItem('LINKS_TABLE', KEY);
}
