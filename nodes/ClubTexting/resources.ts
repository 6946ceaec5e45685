import { choice } from '../shared/operation/fields';
import type { Resource } from '../shared/operation/types';
import { deleteContact } from './resources/contact/delete';
import { get as getContact } from './resources/contact/get';
import { getAll as getManyContacts } from './resources/contact/getAll';
import { optOut } from './resources/contact/optOut';
import { upsert } from './resources/contact/upsert';
import { buy } from './resources/credit/buy';
import { getBalance } from './resources/credit/getBalance';
import { topUp } from './resources/credit/topUp';
import { create } from './resources/group/create';
import { getAll as getManyGroups } from './resources/group/getAll';
import { deleteIncomingMessage } from './resources/incomingMessage/delete';
import { getAll as getManyIncomingMessages } from './resources/incomingMessage/getAll';
import { cancel } from './resources/keyword/cancel';
import { checkAvailability } from './resources/keyword/checkAvailability';
import { rent } from './resources/keyword/rent';
import { setUp } from './resources/keyword/setUp';
import { getReport } from './resources/message/getReport';
import { send } from './resources/message/send';
import { lookUpCarrier } from './resources/phoneNumber/lookUpCarrier';

const contact: Resource = {
	option: choice('Contact', 'contact', 'The people of the account, by phone number'),
	operations: [upsert, deleteContact, getContact, getManyContacts, optOut],
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

const incomingMessage: Resource = {
	option: choice('Incoming Message', 'incomingMessage', 'What people have texted to the account'),
	operations: [deleteIncomingMessage, getManyIncomingMessages],
	default: 'getAll',
};

const keyword: Resource = {
	option: choice('Keyword', 'keyword', 'Words that people text to the short code'),
	operations: [cancel, checkAvailability, rent, setUp],
	default: 'checkAvailability',
};

const message: Resource = {
	option: choice('Message', 'message', 'Text messages (SMS)'),
	operations: [getReport, send],
	default: 'send',
};

const phoneNumber: Resource = {
	option: choice('Phone Number', 'phoneNumber', 'What is known about a number'),
	operations: [lookUpCarrier],
	default: 'lookUpCarrier',
};

/** In the order of the editor's list. */
export const resources = [contact, credit, group, incomingMessage, keyword, message, phoneNumber];
