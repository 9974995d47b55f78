/** The shop's bot: how it gets one, whether it works, and how it looks. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { type BotSite, readManagedBot } from '../bot/bot-site.ts';
import { Connection } from '../bot/connection.tsx';
import { Logo } from '../bot/logo.tsx';
import { Managed } from '../bot/managed.tsx';
import { Paste } from '../bot/paste.tsx';
import { Presentation } from '../bot/presentation.tsx';
import { Renew } from '../bot/renew.tsx';
import { BOT_PROBLEMS } from '../home/bot-problems.ts';
import { say } from '../i18n/language.ts';
import { dateTime } from '../i18n/time.ts';
import { linkTo } from '../router.ts';
import { Banner } from '../ui/banner.tsx';
import { OutLink } from '../ui/link.tsx';
import { useLoaded } from '../ui/load.ts';
import type { SiteScreenProps } from './props.ts';

export default function Bot({ site: given, siteId, reloadSite }: SiteScreenProps) {
  const site: BotSite = given;
  const { bot, managerBot } = site;
  const progress = useLoaded(
    async (signal) => (managerBot ? await readManagedBot(siteId, signal) : undefined),
    [siteId, managerBot !== undefined],
  );
  // What is below waits for it: nothing that could be pressed is pushed down.
  const isDrawn = !!bot || !managerBot || progress.value !== undefined || progress.error !== undefined;
  /** How often a bot was saved here: each time it is tested. */
  const [turn, setTurn] = useState(0);
  const saved = () => {
    setTurn(turn + 1);
    reloadSite();
  };
  return (
    <>
      <h1>{say({ it: 'Il bot del negozio', en: 'The bot of the shop' })}</h1>
      {bot ? (
        <section class="card">
          <div class="bot-name">
            <h2>
              <bdi>@{bot.username}</bdi>
            </h2>
            <span class={`tag ${bot.problem ? 'bad' : 'good'}`}>
              {bot.problem
                ? say({ it: 'Ha un problema', en: 'Has a problem' })
                : say({ it: 'In uso', en: 'In use' })}
            </span>
          </div>
          {bot.problem && (
            <Banner kind="bad">
              <p>
                {say(
                  BOT_PROBLEMS[bot.problem.kind] ?? {
                    it: bot.problem.description,
                    en: bot.problem.description,
                  },
                )}
              </p>
              <p class="muted">
                {say({ it: 'Dal ', en: 'Since ' })}
                {dateTime(bot.problem.since)}
              </p>
            </Banner>
          )}
          <div class="buttons">
            <OutLink href={`https://t.me/${bot.username}`} isButton>
              {say({ it: 'Apri il bot in Telegram', en: 'Open the bot in Telegram' })}
            </OutLink>
            <a class={`button ${bot.problem ? '' : 'primary'}`} href={linkTo(siteId)}>
              {say({ it: 'Vai ai prossimi passi', en: 'Go to the next steps' })}
            </a>
          </div>
        </section>
      ) : (
        <p>
          {say({
            it: 'I messaggi arrivano in Telegram da un bot che porta il nome del vostro negozio. È vostro: lo create voi, in un minuto.',
            en: 'The messages come in Telegram from a bot that bears the name of your shop. It is yours: you make it, in a minute.',
          })}
        </p>
      )}
      {bot && <Connection siteId={siteId} turn={turn} onTested={() => bot.problem && reloadSite()} />}
      {!bot && managerBot && (
        <section class="card highlighted">
          <h2>{say({ it: 'Un bot nuovo', en: 'A new bot' })}</h2>
          <Managed site={site} siteId={siteId} progress={progress} onDone={saved} />
        </section>
      )}
      {!bot && !managerBot && (
        <section class="card highlighted">
          <h2>{say({ it: 'Il bot, da @BotFather', en: 'The bot, from @BotFather' })}</h2>
          <Paste site={site} siteId={siteId} onSaved={saved} />
        </section>
      )}
      {!bot && managerBot && isDrawn && (
        // Without keys Preact would take this one for the other below, with what is open and what was wrong in it.
        <More
          key="existing"
          title={say({ it: 'Oppure: un bot che avete già', en: 'Or: a bot that you have' })}
        >
          <Paste site={site} siteId={siteId} onSaved={saved} />
        </More>
      )}
      {bot && <Logo siteId={siteId} />}
      {isDrawn && <Presentation site={site} />}
      {bot && (
        <More
          key="change"
          title={say({ it: 'Cambiare token o bot', en: 'Change the token or the bot' })}
          isOpen={bot.problem !== undefined}
        >
          {bot.managed && <Renew siteId={siteId} onRenewed={saved} />}
          {managerBot && (
            <>
              <h3>{say({ it: 'Un bot nuovo', en: 'A new bot' })}</h3>
              <Managed site={site} siteId={siteId} progress={progress} onDone={saved} />
            </>
          )}
          <h3>{say({ it: 'Un token nuovo, o un altro bot', en: 'A new token, or another bot' })}</h3>
          <Paste site={site} siteId={siteId} onSaved={saved} />
        </More>
      )}
    </>
  );
}

/** What few need. */
function More({
  title,
  isOpen = false,
  children,
}: {
  title: string;
  isOpen?: boolean;
  children: ComponentChildren;
}) {
  return (
    <details class="card more" open={isOpen}>
      <summary>
        <h2>{title}</h2>
      </summary>
      <div class="stack">{children}</div>
    </details>
  );
}
