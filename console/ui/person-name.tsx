import { type Named, namePartsOf } from '../i18n/words.ts';

/** A person's name: a mark in one part that turns the direction of writing turns no other one. */
export function PersonName(names: Named) {
  return (
    <>
      {namePartsOf(names).map((part, index) => [
        index > 0 && ' ',
        <span key={part} class="name-part">
          {part}
        </span>,
      ])}
    </>
  );
}
