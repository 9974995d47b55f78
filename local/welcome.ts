import { DEMO_SITE_KEY } from './demo.ts';

/** What tells the newcomer where everything is and what to try first. The last line says that the run serves. */
export function welcome(emulatorUrl: string | undefined): string {
  const api = `http://localhost:${process.env.PORT}`;
  const kept = process.env.LOCAL_DATA === 'memory' ? 'in memory only' : `kept in ${process.env.LOCAL_DATA}/`;
  const telegram = emulatorUrl
    ? `Telegram    http://localhost:${process.env.TELEGRAM_PORT}   (an emulator: open it in a browser)`
    : `Telegram    ${process.env.TELEGRAM_API_ROOT}`;
  return `
passweb-telegram, all of it, on this machine

  API         ${api}
  ${telegram}
  Site key    ${DEMO_SITE_KEY}   (site "demo")
  Data        ${kept}
  Log         ${process.env.LOCAL_LOG ?? ''}

Try a first event:

  curl -X POST ${api}/v1/sites/demo/events/order-status \\
    -H 'Authorization: Bearer ${DEMO_SITE_KEY}' -H 'Content-Type: application/json' \\
    -d @local/samples/order-status.json

Ctrl-C stops everything.

ready: ${api}`;
}
