/** Requests of which only the newest counts: what is typed is never waited for, and an older answer never replaces a newer one. */

export interface Asking<Request, Answer> {
  ask: (request: Request) => Promise<Answer>;
  onAnswer: (answer: Answer, request: Request) => void;
  onError: (error: unknown, request: Request) => void;
}

/** So many are under way at once: with one alone, each answer would wait for the one before it. */
const AT_ONCE = 2;

export class Newest<Request, Answer> {
  readonly #asking: Asking<Request, Answer>;
  #next: { request: Request } | undefined;
  #running = 0;
  #turn = 0;
  #answered = 0;
  #isClosed = false;

  constructor(asking: Asking<Request, Answer>) {
    this.#asking = asking;
  }

  want(request: Request): void {
    this.#next = { request };
    this.#start();
  }

  /** No answer is told from now on. */
  close(): void {
    this.#isClosed = true;
    this.#next = undefined;
  }

  #start(): void {
    if (!this.#next || this.#running >= AT_ONCE) return;
    const { request } = this.#next;
    this.#next = undefined;
    this.#running += 1;
    this.#turn += 1;
    const turn = this.#turn;
    const tell = (told: () => void) => {
      this.#running -= 1;
      if (this.#isClosed) return;
      if (turn > this.#answered) {
        this.#answered = turn;
        told();
      }
      this.#start();
    };
    this.#asking.ask(request).then(
      (answer) => tell(() => this.#asking.onAnswer(answer, request)),
      (error: unknown) => tell(() => this.#asking.onError(error, request)),
    );
  }
}
