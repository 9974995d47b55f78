import { eventFunction } from '../lib/events/handler.ts';
import { collectingNotify } from '../lib/schedule/digests.ts';
import { accessNotices, fileAccess } from '../lib/schedule/file-access-event.ts';

export const { routes, handler } = eventFunction(fileAccess, { accept: collectingNotify(accessNotices) });
