import { choice } from '../shared/operation/fields';
import type { Resource } from '../shared/operation/types';
import { block } from './resources/contact/block';
import { deleteContact } from './resources/contact/delete';
import { get as getContact } from './resources/contact/get';
import { getAll as getManyContacts } from './resources/contact/getAll';
import { upsert } from './resources/contact/upsert';
import { buy } from './resources/credit/buy';
import { getBalance } from './resources/credit/getBalance';
import { topUp } from './resources/credit/topUp';
import { create } from './resources/group/create';
import { getAll as getManyGroups } from './resources/group/getAll';
import { checkAvailability } from './resources/keyword/checkAvailability';
import { get as getKeyword } from './resources/keyword/get';
import { cancel } from './resources/message/cancel';
import { getAll as getManyMessages } from './resources/message/getAll';
import { getReport } from './resources/message/getReport';
import { send } from './resources/message/send';

const contact: Resource = {
	option: choice('Contact', 'contact', 'The people of the account, by phone number'),
	operations: [block, upsert, deleteContact, getContact, getManyContacts],
	default: 'upsert',
};

const credit: Resource = {
	option: choice('Credit', 'credit', 'The credits that pay for messages'),
	operations: [buy, getBalance, topUp],
	default: 'getBalance',
};

const group: Resource = {
	option: choice('Group', 'group', 'Contacts under a common name'),
	operations: [create, getManyGroups],
	default: 'getAll',
};

const keyword: Resource = {
	option: choice('Keyword', 'keyword', 'Words that people text to join'),
	operations: [checkAvailability, getKeyword],
	default: 'checkAvailability',
};

const message: Resource = {
	option: choice('Message', 'message', 'Text messages (SMS)'),
	operations: [cancel, getManyMessages, getReport, send],
	default: 'send',
};

/** In the order of the editor's list. */
export const resources = [contact, credit, group, keyword, message];
