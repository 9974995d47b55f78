import type * as z from 'zod/mini';
import type { FieldError } from '../domain/errors.ts';
import type { HttpProblem } from '../http/problem.ts';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Who may call: a key of the site, the platform's key, Telegram with its secret, or everybody. */
type Caller = 'site' | 'platform' | 'telegram' | 'everybody';

/** What one method and path takes and answers. */
export interface Operation {
  method: 'get' | 'put' | 'post' | 'patch' | 'delete';
  /** As `serverless.yml` names it. */
  path: string;
  /** Names the operation in clients. */
  id: string;
  tag: string;
  summary: string;
  description?: string;
  caller: Caller;
  query?: Parameter[];
  /** Where it looks at `If-Match`: what has changed meanwhile, as an example. */
  ifMatch?: FieldError[];
  body?: Body;
  answers: Answer[];
  /** Answers that are no success, beyond those that every operation of this caller may give. */
  problems?: HttpProblem[];
}

export interface Parameter {
  name: string;
  description: string;
  schema: z.ZodMiniType;
  example: string;
  isRequired?: boolean;
}

export interface Body {
  schema: z.ZodMiniType;
  examples: Record<string, unknown>;
  /** What is wrong in a body that is refused, as an example. */
  wrong: FieldError[];
  /** What did not happen then. */
  consequence?: string;
  /** Whether the body may be left out. */
  isOptional?: boolean;
}

export interface Answer {
  status: number;
  description: string;
  schema?: z.ZodMiniType;
  example?: unknown;
  /** Header fields of the answer, with an example of each. */
  headers?: Record<string, { description: string; example: string }>;
  /** `application/json` unless said otherwise. */
  type?: string;
}
