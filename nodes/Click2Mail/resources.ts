import { choice } from '../shared/operation/fields';
import type { Resource } from '../shared/operation/types';
import { get } from './resources/job/get';
import { getCost } from './resources/job/getCost';
import { submit } from './resources/job/submit';
import { send as sendLetter } from './resources/letter/send';
import { send as sendPostcard } from './resources/postcard/send';

const letter: Resource = {
	option: choice('Letter', 'letter', 'A document in an envelope'),
	operations: [sendLetter],
	default: 'send',
};

const postcard: Resource = {
	option: choice('Postcard', 'postcard', 'A card of 5 x 8 inches, in color on both sides'),
	operations: [sendPostcard],
	default: 'send',
};

const job: Resource = {
	option: choice('Job', 'job', 'A letter or card on its way from draft to mailbox'),
	operations: [get, getCost, submit],
	default: 'get',
};

export const resources = [job, letter, postcard];
