/** Something that the rehearsal needs is missing on this machine. Its message is one sentence for the person. */
export class CannotStart extends Error {
  override name = 'CannotStart';
}
