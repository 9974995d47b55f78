/** The picture of the bot: the shop's logo. */
import { useId, useState } from 'preact/hooks';
import { siteRequest } from '../api/site.ts';
import { say } from '../i18n/language.ts';
import { useAction } from '../ui/action.ts';
import { useScreen } from '../ui/announce.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Check } from '../ui/field.tsx';
import { NoPicture, squareJpeg } from './square-picture.ts';

export function Logo({ siteId }: { siteId: string }) {
  const id = useId();
  const [file, setFile] = useState<File>();
  const [isFilled, setIsFilled] = useState(false);
  const [jpeg, setJpeg] = useState<string>();
  const { isBusy, error, run } = useAction();
  const { announce } = useScreen();

  const draw = (picture: File, fill: boolean) =>
    void run(async () => {
      setFile(picture);
      setIsFilled(fill);
      setJpeg(undefined);
      setJpeg(await squareJpeg(picture, fill));
    });
  const save = () =>
    void run(async () => {
      await siteRequest(siteId, 'PUT', '/bot/photo', { body: { jpeg } });
      setFile(undefined);
      setJpeg(undefined);
      announce(
        say({
          it: 'Il logo è impostato. Telegram lo mostra a tutti entro qualche minuto.',
          en: 'The logo is set. Telegram shows it to everybody within minutes.',
        }),
      );
    });

  return (
    <section class="card">
      <h2>{say({ it: 'Il logo', en: 'The logo' })}</h2>
      <p id={`${id}-hint`}>
        {say({
          it: 'Una foto o un logo, di qualsiasi misura: viene adattata qui. In Telegram si vede in un cerchio.',
          en: 'A photo or a logo of any size: it is made to fit here. Telegram shows it in a circle.',
        })}
      </p>
      <div>
        {/* The button of the browser speaks another language than the console. */}
        <input
          id={id}
          aria-describedby={`${id}-hint`}
          class="visually-hidden file"
          type="file"
          accept="image/*"
          onChange={(event) => {
            const [picture] = event.currentTarget.files ?? [];
            // The same file can be chosen once more.
            event.currentTarget.value = '';
            if (picture) draw(picture, isFilled);
          }}
        />
        <label class="button" for={id}>
          {say({ it: 'Scegli un’immagine', en: 'Choose a picture' })}
        </label>
      </div>
      {error instanceof NoPicture ? (
        <Banner kind="bad" isAlert>
          <p>
            {say({
              it: 'Il browser non riesce a leggere questo file come immagine. Scegliere un file JPG o PNG.',
              en: 'The browser can not read this file as a picture. Choose a JPG or PNG file.',
            })}
          </p>
        </Banner>
      ) : (
        error !== undefined && <Failure error={error} />
      )}
      {file && jpeg && (
        <>
          <div class="scan">
            <img
              class="logo"
              src={`data:image/jpeg;base64,${jpeg}`}
              alt={say({ it: 'Come si vedrà il logo', en: 'How the logo will look' })}
              width={140}
              height={140}
            />
            <div>
              <Check
                label={say({
                  it: 'Riempire il cerchio, tagliando i bordi',
                  en: 'Fill the circle, and cut the edges off',
                })}
                checked={isFilled}
                onChange={(fill) => draw(file, fill)}
              />
            </div>
          </div>
          <div class="buttons">
            <Button kind="primary" isBusy={isBusy} onClick={save}>
              {say({ it: 'Usa questo logo', en: 'Use this logo' })}
            </Button>
            <Button onClick={() => setFile(undefined)}>{say({ it: 'Annulla', en: 'Cancel' })}</Button>
          </div>
        </>
      )}
    </section>
  );
}
