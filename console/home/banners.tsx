/** What keeps the whole shop from sending, before anything else. */
import { siteRequest } from '../api/site.ts';
import { say } from '../i18n/language.ts';
import { linkTo } from '../router.ts';
import type { SiteScreenProps } from '../screens/props.ts';
import { useAction } from '../ui/action.ts';
import { useScreen } from '../ui/announce.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { BOT_PROBLEMS } from './bot-problems.ts';

export function Banners({ site, siteId, etag, reloadSite }: SiteScreenProps) {
  const { isBusy, error, run } = useAction();
  const { announce } = useScreen();
  const { problem } = site.bot ?? {};
  return (
    <>
      {!site.moduleActive && (
        <Banner kind="bad">
          <p>
            <strong>
              {say({
                it: 'Il modulo Telegram non è attivo per questo negozio.',
                en: 'The Telegram module is not active for this shop.',
              })}
            </strong>
          </p>
          <p>
            {say({
              it: 'Si acquista su Passstore: appena è attivo, gli avvisi partono da soli. Intanto qui si può già preparare tutto.',
              en: 'It is bought on Passstore: as soon as it is active, messages go out by themselves. Meanwhile everything can be prepared here.',
            })}
          </p>
        </Banner>
      )}
      {!site.active && (
        <Banner kind="warning">
          <p>
            <strong>{say({ it: 'Gli avvisi sono spenti.', en: 'Messages are switched off.' })}</strong>{' '}
            {say({
              it: 'Non parte nulla, e tutto quello che avete preparato resta. Con «Riaccendi» si ricomincia.',
              en: 'Nothing is sent, and all that you have prepared stays. “Switch on” begins again.',
            })}
          </p>
          <div>
            <Button
              isBusy={isBusy}
              onClick={() =>
                void run(async () => {
                  await siteRequest(siteId, 'PATCH', '', { body: { active: true }, ifMatch: etag });
                  announce(say({ it: 'Gli avvisi sono accesi.', en: 'Messages are switched on.' }));
                  reloadSite();
                })
              }
            >
              {say({ it: 'Riaccendi', en: 'Switch on' })}
            </Button>
          </div>
          {error !== undefined && <Failure error={error} />}
        </Banner>
      )}
      {problem && (
        <Banner kind="bad">
          <p>
            <strong>{say({ it: 'Il bot ha un problema.', en: 'The bot has a problem.' })}</strong>{' '}
            {say(BOT_PROBLEMS[problem.kind] ?? { it: problem.description, en: problem.description })}
          </p>
          <div>
            <a class="button" href={linkTo(siteId, ['bot'])}>
              {say({ it: 'Sistema il bot', en: 'Mend the bot' })}
            </a>
          </div>
        </Banner>
      )}
    </>
  );
}
