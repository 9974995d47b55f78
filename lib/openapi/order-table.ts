import * as z from 'zod/mini';
import type { OrderTable } from '../domain/order-table.ts';
import { type Shape, text } from './schemas.ts';

const row = z.object({ item: text, amount: z.optional(text) });

/** The articles of an order, in words. */
export const orderTable = z.object({
  rows: z.array(row),
  others: z.optional(text),
  sum: z.optional(row),
  pictures: z.array(text),
} satisfies Shape<OrderTable>);
