import { ControlError } from './errors.ts';
import { isRecord } from './parameters.ts';

/** A fault of the Bot API, set with `POST /emulator/faults`. */
export type Fault = {
  id: number;
  method?: string;
  chatId?: number;
  /** How many calls fail; without it, all until the fault is deleted. */
  times?: number;
  status?: number;
  body?: unknown;
  delayMs?: number;
  /** The connection breaks before the call has an effect, or after it, when the answer is due. */
  drop?: 'before' | 'after';
};

const KNOWN_FIELDS = ['method', 'chatId', 'times', 'status', 'body', 'delayMs', 'drop'];

export class Faults {
  #faults: Fault[] = [];
  #lastId = 0;

  /** @throws {ControlError} when the description of the fault makes no sense. */
  add(input: unknown): Fault {
    const fault = { ...readFault(input), id: this.#lastId + 1 };
    this.#lastId = fault.id;
    this.#faults.push(fault);
    return fault;
  }

  list(): Fault[] {
    return [...this.#faults];
  }

  /** @param chatId only those of this chat. */
  clear(chatId?: number): void {
    this.#faults = this.#faults.filter((fault) => chatId !== undefined && fault.chatId !== chatId);
  }

  /** The first fault for this call; it is counted as used. */
  take(method: string, chatId: number | undefined): Fault | undefined {
    const fault = this.#faults.find((candidate) => meets(candidate, method, chatId));
    if (fault?.times === undefined) return fault;
    fault.times -= 1;
    if (fault.times <= 0) this.#faults = this.#faults.filter((other) => other !== fault);
    return fault;
  }
}

function meets(fault: Fault, method: string, chatId: number | undefined): boolean {
  const methodMeets = fault.method === undefined || fault.method.toLowerCase() === method.toLowerCase();
  const chatMeets = fault.chatId === undefined || fault.chatId === chatId;
  return methodMeets && chatMeets;
}

function readFault(input: unknown): Omit<Fault, 'id'> {
  if (!isRecord(input)) throw new ControlError(400, 'A fault is a JSON object.');
  const unknown = Object.keys(input).filter((key) => !KNOWN_FIELDS.includes(key));
  if (unknown.length > 0) {
    throw new ControlError(400, `A fault has no "${unknown[0]}"; it has ${KNOWN_FIELDS.join(', ')}.`);
  }
  const fault: Omit<Fault, 'id'> = {};
  if (input.method !== undefined) fault.method = nonEmptyText(input.method, 'method');
  if (input.chatId !== undefined) fault.chatId = integer(input.chatId, 'chatId', -Number.MAX_SAFE_INTEGER);
  if (input.times !== undefined) fault.times = integer(input.times, 'times', 1);
  if (input.status !== undefined) fault.status = integer(input.status, 'status', 200, 599);
  if (input.body !== undefined) fault.body = input.body;
  if (input.delayMs !== undefined) fault.delayMs = integer(input.delayMs, 'delayMs', 0, 3_600_000);
  if (input.drop !== undefined) fault.drop = dropMoment(input.drop);
  const doesNothing = fault.status === undefined && fault.body === undefined && fault.drop === undefined;
  if (doesNothing && fault.delayMs === undefined) {
    throw new ControlError(400, 'A fault needs at least one of status, body, delayMs and drop.');
  }
  return fault;
}

function nonEmptyText(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new ControlError(400, `"${name}" is a text that is not empty.`);
}

function integer(value: unknown, name: string, min: number, max: number = Number.MAX_SAFE_INTEGER): number {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max) return number;
  throw new ControlError(400, `"${name}" is a whole number from ${min} to ${max}.`);
}

function dropMoment(value: unknown): 'before' | 'after' {
  if (value === 'before' || value === 'after') return value;
  throw new ControlError(400, '"drop" is "before" or "after".');
}
