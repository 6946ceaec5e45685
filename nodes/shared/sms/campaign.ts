import type { IDataObject, IDisplayOptions } from 'n8n-workflow';
import { invalid } from '../errors';
import { FILL_IN, neededText, wholeText } from '../operation/bounds';
import { booleanField, dateTimeField, numberField, textField } from '../operation/fields';
import type { ParameterReader } from '../operation/types';
import type { GroupsField } from './groupFields';
import { phoneNumbersOf } from './phoneNumber';
import type { Campaign } from './plan';
import { SENDING_WINDOW, sendingWindowIn } from './sendingWindow';

const PHONE_NUMBERS = textField('Phone Numbers', 'phoneNumbers', {
	placeholder: 'e.g. (212) 345-6785, +1 212 345 6786',
	description:
		'Numbers of the United States or Canada with commas, semicolons or new lines between them, or a list from an expression. Needed unless the option “Groups” is used.',
});

/** Whether the option “Groups” is used. */
const WITH_GROUPS: IDisplayOptions['show'] = { '/options.groups': [{ _cnd: { exists: true } }] };

/**
 * What every sending of texts is.
 *
 * @param messageHelp what a message may be
 * @param sameness what items must have in common to share requests
 */
export function sending(messageHelp: string, sameness: string, groupsField: GroupsField) {
	return {
		fields: [
			{ ...PHONE_NUMBERS, required: true, displayOptions: { hide: WITH_GROUPS } },
			{ ...PHONE_NUMBERS, displayOptions: { show: WITH_GROUPS } },
			textField('Message', 'message', {
				typeOptions: { rows: 4 },
				required: true,
				placeholder: 'e.g. Your order is ready for pick-up.',
				description: messageHelp,
			}),
		],
		options: [
			booleanField(
				'Combine Items',
				'combineItems',
				`Whether items with the same ${sameness} share requests. A number that stands in several of them gets the message once.`,
				true,
			),
			groupsField(
				'groups',
				'Groups',
				'Contact groups that get the message as well. A person in two of them, or in one and among the numbers, may get it twice. Two items with different groups text a person twice whom both reach',
			),
			numberField('Recipients per Request', 'recipientsPerRequest', 40, {
				typeOptions: { minValue: 1, maxValue: 1000 },
				description: 'How many phone numbers may share one request',
			}),
			SCHEDULED_FOR,
			SENDING_WINDOW,
		],
		effect: 'sends' as const,
		warning: 'This texts people, uses up credits, and can’t be taken back.',
		deed: 'sent this text',
		dryRunHelp: 'Whether to check numbers and texts and show what would be sent, without texting anybody',
	};
}

const SCHEDULED_FOR = dateTimeField(
	'Scheduled For',
	'scheduledFor',
	'When to send; at once without this option. A time without a zone is in the time zone of the workflow.',
);

/** In ms, with a leap day. */
const YEAR = 366 * 86_400_000;

/** To whom an item goes. @throws OperationError `invalid` where it is nobody */
export function recipientsIn(read: ParameterReader): Pick<Campaign, 'numbers' | 'groups'> {
	const numbers = phoneNumbersOf(read.value('phoneNumbers'), read.label('phoneNumbers'));
	const groups = read.names('options.groups');
	if (numbers.length > 0 || groups.length > 0) return { numbers, groups };
	throw invalid(read.label('phoneNumbers'), 'is empty', FILL_IN);
}

/** A message that is not empty. @throws OperationError `invalid` */
export function assertNotEmpty(message: string, read: ParameterReader): string {
	return wholeText(neededText(message, read.label('message')), read.label('message'));
}

/**
 * What an item asks to be sent; when, and with whom it shares requests.
 *
 * @throws OperationError `invalid`
 */
export function campaignIn(
	read: ParameterReader,
	recipients: Pick<Campaign, 'numbers' | 'groups'>,
	message: string,
	extras: IDataObject,
): Campaign {
	const time = read.time('options.scheduledFor');
	if (time !== undefined && time > Date.now() + YEAR) {
		throw invalid(
			read.label('options.scheduledFor'),
			`is more than a year ahead: ${new Date(time).toISOString()}`,
			'Check the year, or the unit of a timestamp: ten digits for seconds, thirteen for milliseconds.',
		);
	}
	const window = sendingWindowIn(read);
	if (window && window.zone === undefined && recipients.groups.length > 0) {
		throw invalid(
			read.label('options.groups'),
			'has no area code to tell the time by',
			'Set the “Time Zone” of the sending window to “workflow” or to the name of a zone.',
		);
	}
	const wanted = time === undefined ? undefined : Math.floor(time / 1000);
	return {
		...recipients,
		message,
		extras,
		wanted,
		stampToSend: wanted,
		window,
		combineItems: read.boolean('options.combineItems'),
		recipientsPerRequest: read.number('options.recipientsPerRequest', {
			min: 1,
			decimals: 0,
			unit: 'numbers',
		}),
	};
}
