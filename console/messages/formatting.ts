/** What the buttons above a text do to it. */

/** The part of the text that is replaced, what stands there then, and what is selected afterwards. */
export interface Edit {
  start: number;
  end: number;
  replacement: string;
  selection: [start: number, end: number];
}

export interface Selected {
  value: string;
  start: number;
  end: number;
}

/** Puts what is selected between the two, or takes them away where they are there already. */
export function wrapped(selected: Selected, open: string, close: string): Edit {
  const { value, start, end } = withoutBlanks(selected);
  const inside = value.slice(start, end);
  if (value.slice(0, start).endsWith(open) && value.startsWith(close, end)) {
    const from = start - open.length;
    return {
      start: from,
      end: end + close.length,
      replacement: inside,
      selection: [from, from + inside.length],
    };
  }
  if (inside.startsWith(open) && inside.endsWith(close) && inside.length >= open.length + close.length) {
    const bare = inside.slice(open.length, inside.length - close.length);
    return { start, end, replacement: bare, selection: [start, start + bare.length] };
  }
  const from = start + open.length;
  return { start, end, replacement: open + inside + close, selection: [from, from + inside.length] };
}

/** In place of what is selected, with the caret after it. */
export function inserted({ start, end }: Selected, text: string): Edit {
  return { start, end, replacement: text, selection: [start + text.length, start + text.length] };
}

/** Blanks at the ends of what a double click has selected stay outside. */
function withoutBlanks({ value, start, end }: Selected): Selected {
  const inside = value.slice(start, end);
  if (inside.trim() === '') return { value, start, end };
  return {
    value,
    start: start + (inside.length - inside.trimStart().length),
    end: end - (inside.length - inside.trimEnd().length),
  };
}

/** As the value of an attribute, between double quotes. */
export function asAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
