/** What people see when they open the bot: before they press Start, and in its menu. */
import { PRESENTATIONS } from '../../lib/i18n/bot-texts/presentation.ts';
import { language, say } from '../i18n/language.ts';
import type { BotSite } from './bot-site.ts';

export function Presentation({ site }: { site: BotSite }) {
  const { commands, description } = PRESENTATIONS[language.value];
  return (
    <section class="card">
      <h2>{say({ it: 'Che cosa vede chi apre il bot', en: 'What people see when they open the bot' })}</h2>
      <div class="presentation">
        <div class="phone">
          <p class="phone-title">
            <bdi>{site.name}</bdi>
            <span class="muted">bot</span>
          </p>
          <div class="phone-description">
            <p>
              <strong>{say({ it: 'Che cosa può fare questo bot?', en: 'What can this bot do?' })}</strong>
            </p>
            <p>{description}</p>
          </div>
          <p class="phone-start">{say({ it: 'AVVIA', en: 'START' })}</p>
        </div>
        <div class="stack">
          <p>
            {say({
              it: 'Nel menu della chat trovano questi comandi. Ognuno vede i testi nella lingua del proprio telefono.',
              en: 'In the menu of the chat they find these commands. Everybody sees the texts in the language of their phone.',
            })}
          </p>
          <dl class="commands">
            {commands.map(({ command, description: does }) => (
              <div key={command}>
                <dt>/{command}</dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
          <p class="muted">
            {say({
              it: 'Se con @BotFather avete scritto una descrizione vostra, resta quella.',
              en: 'If you have written a description of your own with @BotFather, that one stays.',
            })}
          </p>
        </div>
      </div>
    </section>
  );
}
