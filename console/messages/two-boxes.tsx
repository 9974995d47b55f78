/** What can be chosen, and what is chosen, in two boxes side by side; anything else can be typed in. */
import { useId, useRef, useState } from 'preact/hooks';
import { say } from '../i18n/language.ts';
import { announce } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';

interface TwoBoxesProps {
  label: string;
  hint: string;
  /** Above the box of what is chosen. */
  chosenLabel: string;
  /** In the box while nothing is chosen. */
  noneChosen: string;
  /** The label of the field for anything else. */
  otherLabel: string;
  chosen: readonly string[];
  known: readonly string[];
  error: string | undefined;
  /** The field of the message, by which an error finds it. */
  field: string;
  onChange: (chosen: string[]) => void;
}

/** As the API compares statuses; groups that differ in case only are one group to people. */
const compared = (name: string) => name.trim().replace(/\s+/g, ' ').toLowerCase();

export function TwoBoxes(props: TwoBoxesProps) {
  const { label, hint, chosenLabel, noneChosen, otherLabel, chosen, known, error, field, onChange } = props;
  const id = useId();
  const [other, setOther] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const taken = new Set(chosen.map(compared));
  const available = known.filter((name) => !taken.has(compared(name)));

  const add = (name: string) => {
    const tidy = name.trim();
    if (tidy === '' || taken.has(compared(tidy))) return;
    onChange([...chosen, tidy]);
    announce(say({ it: `Aggiunto: ${tidy}.`, en: `Added: ${tidy}.` }));
  };
  const remove = (name: string) => {
    onChange(chosen.filter((each) => each !== name));
    announce(say({ it: `Tolto: ${name}.`, en: `Removed: ${name}.` }));
  };
  const addOther = () => {
    add(other);
    setOther('');
    input.current?.focus();
  };

  return (
    <fieldset class="field two-boxes" aria-describedby={`${id}-hint${error ? ` ${id}-error` : ''}`}>
      <legend>{label}</legend>
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
      <div class="boxes">
        <Box
          label={say({ it: 'Disponibili', en: 'Available' })}
          empty={say({ it: 'Nessun altro conosciuto', en: 'No other known' })}
          names={available}
          sign="+"
          wordsFor={(name) => say({ it: `Aggiungi ${name}`, en: `Add ${name}` })}
          onPress={add}
        />
        <Box
          label={chosenLabel}
          empty={noneChosen}
          names={chosen}
          sign="×"
          wordsFor={(name) => say({ it: `Togli ${name}`, en: `Remove ${name}` })}
          onPress={remove}
        />
      </div>
      <div class="add-other">
        <label for={`${id}-other`}>{otherLabel}</label>
        <input
          ref={input}
          id={`${id}-other`}
          class="input"
          value={other}
          dir="auto"
          maxLength={256}
          autocomplete="off"
          data-place={field}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-error` : undefined}
          onInput={(event) => setOther(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            addOther();
          }}
        />
        <Button onClick={addOther}>{say({ it: 'Aggiungi', en: 'Add' })}</Button>
      </div>
      {error && (
        <p class="error" dir="auto" id={`${id}-error`}>
          {error}
        </p>
      )}
    </fieldset>
  );
}

interface BoxProps {
  label: string;
  empty: string;
  names: readonly string[];
  sign: string;
  wordsFor: (name: string) => string;
  onPress: (name: string) => void;
}

function Box({ label, empty, names, sign, wordsFor, onPress }: BoxProps) {
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  /** What was pressed moves to the other box: the focus stays at its place in this one. */
  const press = (name: string, index: number) => {
    onPress(name);
    requestAnimationFrame(() => {
      const buttons = list.current?.querySelectorAll('button') ?? [];
      buttons[Math.min(index, buttons.length - 1)]?.focus();
    });
  };
  return (
    <div class="box">
      <h3 class="box-name" id={id}>
        {label}
      </h3>
      {names.length === 0 ? (
        <p class="box-empty">{empty}</p>
      ) : (
        <ul ref={list} aria-labelledby={id}>
          {names.map((name, index) => (
            <li key={name}>
              <button
                type="button"
                class="box-item"
                aria-label={wordsFor(name)}
                onClick={() => press(name, index)}
              >
                <span class="box-sign" aria-hidden="true">
                  {sign}
                </span>
                <bdi>{name}</bdi>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
