/** The placeholders of a kind of message: each is put into the text where the caret stands. */
import { language, say } from '../i18n/language.ts';
import { announce } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';
import type { CataloguePlaceholder } from './api.ts';

interface PlaceholderListProps {
  placeholders: readonly CataloguePlaceholder[];
  onInsert: (text: string) => void;
  /** Puts what is selected, or the placeholder itself, where it is shown only if there is a value. */
  onWrap: (key: string) => void;
}

export function PlaceholderList({ placeholders, onInsert, onWrap }: PlaceholderListProps) {
  const insert = ({ key, name }: CataloguePlaceholder) => {
    onInsert(`{{${key}}}`);
    announce(say({ it: `Inserito: ${name.it}.`, en: `Inserted: ${name.en}.` }));
  };
  return (
    <div class="placeholders">
      <h3>{say({ it: 'Segnaposto da inserire', en: 'Placeholders to insert' })}</h3>
      <ul class="chips">
        {placeholders.map((placeholder) => (
          <li key={placeholder.key}>
            <button
              type="button"
              class="chip"
              title={say(placeholder.description)}
              aria-label={say({
                it: `Inserisci ${placeholder.name.it}, per esempio ${placeholder.example.it}`,
                en: `Insert ${placeholder.name.en}, such as ${placeholder.example.en}`,
              })}
              onClick={() => insert(placeholder)}
            >
              <span class="chip-name">{say(placeholder.name)}</span>
              <span class="chip-example" dir="auto">
                {firstLine(placeholder.example[language.value])}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <details>
        <summary>{say({ it: 'Che cosa significano', en: 'What they mean' })}</summary>
        <p class="muted">
          {say({
            it: 'Al posto di un segnaposto ognuno legge il suo valore. Alcuni valori possono mancare: “Solo se c’è” mostra il segnaposto, o il testo selezionato, soltanto a chi ha il valore.',
            en: 'In place of a placeholder, each person reads their own value. Some values may be missing: “Only if there is one” shows the placeholder, or the selected text, only to those who have the value.',
          })}
        </p>
        <dl class="placeholder-words">
          {placeholders.map((placeholder) => (
            <div key={placeholder.key}>
              <dt>
                {say(placeholder.name)} <code>{`{{${placeholder.key}}}`}</code>
              </dt>
              <dd>
                {say(placeholder.description)}{' '}
                <span class="muted">
                  {say({ it: 'Esempio', en: 'Example' })}:{' '}
                  <bdi>{firstLine(placeholder.example[language.value])}</bdi>
                </span>
                {placeholder.mayBeMissing && (
                  <div>
                    <Button
                      kind="plain"
                      label={say({
                        it: `${placeholder.name.it}: solo se c’è`,
                        en: `${placeholder.name.en}: only if there is one`,
                      })}
                      onClick={() => onWrap(placeholder.key)}
                    >
                      {say({ it: 'Solo se c’è', en: 'Only if there is one' })}
                    </Button>
                  </div>
                )}
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  );
}

function firstLine(text: string): string {
  const [first = '', ...others] = text.split('\n');
  return others.length > 0 ? `${first} …` : first;
}
