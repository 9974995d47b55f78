/** A call that Telegram refuses: the status and the description that go into the answer. */
export class BotApiError extends Error {
  override readonly name = 'BotApiError';
  readonly status: number;
  readonly parameters: Record<string, number> | undefined;

  constructor(status: number, description: string, parameters?: Record<string, number>) {
    super(description);
    this.status = status;
    this.parameters = parameters;
  }

  /** The answer's body, as the Bot API writes it. */
  toBody(): Record<string, unknown> {
    const body: Record<string, unknown> = { ok: false, error_code: this.status, description: this.message };
    if (this.parameters !== undefined) body.parameters = this.parameters;
    return body;
  }
}

/** A request to the emulator's own control API that can't be carried out: what is wrong, in a sentence. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: 400 | 403 | 404 | 405 | 413 | 502;

  constructor(status: ControlError['status'], message: string) {
    super(message);
    this.status = status;
  }
}

export function badRequest(description: string): BotApiError {
  return new BotApiError(400, `Bad Request: ${description}`);
}

export function forbidden(description: string): BotApiError {
  return new BotApiError(403, `Forbidden: ${description}`);
}
