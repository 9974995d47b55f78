import { eventFunction } from '../lib/events/handler.ts';
import { collectingNotify } from '../lib/schedule/digests.ts';
import { fileUpload, uploadNotices } from '../lib/schedule/file-upload-event.ts';

export const { routes, handler } = eventFunction(fileUpload, { accept: collectingNotify(uploadNotices) });
