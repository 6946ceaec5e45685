import {
	booleanField,
	choice,
	choiceField,
	dateTimeField,
	textField,
} from '../../../shared/operation/fields';
import { phoneNumberOf } from '../../../shared/sms/phoneNumber';
import { invalid } from '../../../shared/errors';
import { limitIn, listFields, shared } from '../../../shared/operation/lists';
import type { ParameterReader, ReadOperation } from '../../../shared/operation/types';
import { entriesOf, filter } from '../../list';
import { MESSAGES, type Message } from '../../message';
import { wireNumber } from '../../values';

type Filters = ReturnType<typeof filtersIn>;

const time = (displayName: string, name: string, what: string) =>
	dateTimeField(displayName, name, `${what}. A time without a zone is in the time zone of the workflow.`);

/** Source: EZ Texting, API reference, "Messages". */
export const getAll: ReadOperation<{ limit: number; filters: Filters }> = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many messages',
		description: 'List texts that were received or sent, the newest first',
		hint: 'Reads the inbox of EZ Texting: replies and answers that people texted us. With filters.direction also what went out, with filters.scheduled what is still to go out.',
	},
	fields: listFields(
		time('After', 'after', 'Only texts from this time on'),
		time('Before', 'before', 'Only texts up to this time'),
		choiceField('Direction', 'direction', 'any', {
			options: [
				choice('Any', 'any'),
				choice('Received', 'received', 'What people have texted to you'),
				choice('Sent', 'sent', 'What went out to people'),
			],
		}),
		textField('Phone Number', 'phoneNumber', {
			placeholder: 'e.g. (212) 345-6785',
			description: 'Only texts to or from this person',
		}),
		booleanField('Scheduled', 'scheduled', 'Whether to list only texts that are still to go out'),
		booleanField('Unread', 'unread', 'Whether to list only texts that nobody has read yet'),
	),
	effect: 'reads',
	parameters: (read) => ({ limit: limitIn(read), filters: filtersIn(read) }),

	async run({ limit, filters }, step) {
		const { direction, phoneNumber, after, before, unread, scheduled } = filters;
		const query = {
			sort: 'sentAt,desc',
			...(direction !== 'any' && filter('incoming', 'eq', String(direction === 'received'))),
			...(phoneNumber !== '' && filter('contactNumber', 'eq', wireNumber(phoneNumber))),
			...(after !== undefined && filter('sentAt', 'gte', new Date(after).toISOString())),
			...(before !== undefined && filter('sentAt', 'lte', new Date(before).toISOString())),
			...(unread && filter('unread', 'eq', 'true')),
			...(scheduled && filter('pending', 'eq', 'true')),
		};
		const isAsked = (message: Message) => fits(message, filters);
		const messages = await entriesOf(shared(step), MESSAGES, { query, limit, fits: isAsked });
		return messages.map(({ value, entry }) => ({ ...value, ...step.raw(entry) }));
	},
};

/** @throws OperationError `invalid` */
function filtersIn(read: ParameterReader) {
	const number = read.meant('filters.phoneNumber');
	const [after, before] = [read.time('filters.after'), read.time('filters.before')];
	if (after !== undefined && before !== undefined && after > before)
		throw invalid(read.label('filters.after'), 'is later than “Before”', 'Exchange the two times.');
	return {
		direction: read.choice('filters.direction', ['any', 'received', 'sent']),
		/** Ten digits, or empty. */
		phoneNumber: number === '' ? '' : phoneNumberOf(number, read.label('filters.phoneNumber')),
		/** In ms since 1970. */
		after,
		before,
		unread: read.boolean('filters.unread'),
		scheduled: read.boolean('filters.scheduled'),
	};
}

/** What a row does not say can't speak against it. */
function fits(message: Message, { direction, phoneNumber, after, before }: Filters): boolean {
	const at = message.sentAt === null ? undefined : Date.parse(message.sentAt);
	return (
		(direction === 'any' || message.direction === null || message.direction === direction) &&
		(phoneNumber === '' || message.phoneNumber === null || message.phoneNumber === phoneNumber) &&
		(at === undefined || after === undefined || at >= after) &&
		(at === undefined || before === undefined || at <= before)
	);
}
