/** The end of the rehearsal, for whatever reason: from then on no program is started, no step goes on, and nothing is waited for. */
const controller = new AbortController();

/** Aborted when the end begins. */
export const ending = controller.signal;

export function beginEnding(): void {
  controller.abort();
}
