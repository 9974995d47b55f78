import { dueDigests } from '../lib/schedule/digests.ts';
import { accessNotices } from '../lib/schedule/file-access-event.ts';
import { uploadNotices } from '../lib/schedule/file-upload-event.ts';
import { pollerHandler } from '../lib/schedule/poller-handler.ts';

/** Every minute: dispatches the collected notices of files that are due. */
export const handler = pollerHandler(dueDigests([uploadNotices, accessNotices]));
