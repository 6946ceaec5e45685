import type { INodeParameters } from 'n8n-workflow';
import { going, itemsOf, openBench } from '../harness';
import type { ProviderName } from '../simulator';

const bench = openBench();
/** What an expression gives where a column has nothing. */
const nothings = ['', null, undefined, ' \u200B'];

type Row = [label: string, provider: ProviderName, operation: string, path: string, others?: INodeParameters];

/** The node's parameters with an expression at a path. */
function mapped([, , operation, path, others = {}]: Row): INodeParameters {
	const [resource, name] = operation.split('.') as [string, string];
	const [field, entry] = path.split('.') as [string, string?];
	const value = entry === undefined ? '={{ $json.value }}' : { [entry]: '={{ $json.value }}' };
	return { resource, operation: name, ...others, [field]: value };
}

const stored = { storedCardLastFour: '1111' };
const card = { paymentMethod: 'storedCard', ...stored };
const contact = { phoneNumber: '2125550101' };
const keyword = { keyword: 'honey', joinMessage: 'Hi' };
const message = { phoneNumbers: '2125550101', message: 'Hi' };
const token = { subaccount: { __rl: true, mode: 'token', value: 'owl' } };

describe('an expression that gives nothing is not the same as a field that is left alone', () => {
	const rows: Row[] = [
		['Email', 'mailPartner', 'subaccount.create', 'email'],
		['Starting Credit', 'mailPartner', 'subaccount.create', 'additionalFields.creditToAttribute'],
		['Is Buyer', 'mailPartner', 'subaccount.create', 'isBuyer', { type: 'advanced', email: 'owl@wood.fr' }],
		['Spending Limit', 'mailPartner', 'subaccount.create', 'spendingLimit'],
		['Dry Run', 'mailPartner', 'subaccount.create', 'dryRun'],
		['Act Once Per', 'mailPartner', 'subaccount.create', 'options.idempotencyKey'],
		['Timeout', 'mailPartner', 'subaccount.create', 'options.timeout'],
		['Include Raw Reply', 'mailPartner', 'subaccount.create', 'options.includeRawReply'],
		['Subaccount', 'mailPartner', 'credit.add', 'subaccount.value', { amount: 10 }],
		['Minimum Balance', 'mailPartner', 'credit.topUp', 'minimumBalance', { ...token, amount: 10 }],
		['Include API Keys', 'mailPartner', 'subaccount.getAll', 'options.includeApiKeys'],
		['Return All', 'mailPartner', 'subaccount.getAll', 'returnAll'],
		['Limit', 'mailPartner', 'subaccount.getAll', 'limit'],
		['Read Balance', 'click2mail', 'credit.purchase', 'options.readBalance', { amount: 10 }],
		['Minimum Balance', 'click2mail', 'credit.topUp', 'minimumBalance', { amount: 10 }],
		['Coupon Code', 'clubTexting', 'credit.buy', 'options.couponCode', { numberOfCredits: 10, ...card }],
		['Payment Method', 'clubTexting', 'credit.buy', 'paymentMethod', { numberOfCredits: 10, ...card }],
		['Minimum Credits', 'clubTexting', 'credit.topUp', 'minimumCredits', { numberOfCredits: 10, ...card }],
		['Confirm Message', 'clubTexting', 'keyword.setUp', 'options.confirmMessage', keyword],
		['Enable Double Opt-In', 'clubTexting', 'keyword.setUp', 'options.enableDoubleOptIn', keyword],
		['Forward Email', 'clubTexting', 'keyword.setUp', 'options.forwardEmail', keyword],
		['Forward URL', 'clubTexting', 'keyword.setUp', 'options.forwardUrl', keyword],
		['Contact Groups', 'clubTexting', 'keyword.setUp', 'options.contactGroups', keyword],
		['Scheduled For', 'clubTexting', 'message.send', 'options.scheduledFor', message],
		['Delivery', 'clubTexting', 'message.send', 'options.delivery', message],
		['Unsupported Characters', 'clubTexting', 'message.send', 'options.unsupportedCharacters', message],
		['Combine Items', 'clubTexting', 'message.send', 'options.combineItems', message],
		['Recipients per Request', 'clubTexting', 'message.send', 'options.recipientsPerRequest', message],
		['Requests per Second', 'clubTexting', 'message.send', 'options.requestsPerSecond', message],
		['Coupon Code', 'ezTexting', 'credit.buy', 'options.couponCode', { numberOfCredits: 10, ...stored }],
		['Number of Credits', 'ezTexting', 'credit.buy', 'numberOfCredits', stored],
		['Stored Card Last Four', 'ezTexting', 'credit.buy', 'storedCardLastFour', { numberOfCredits: 10 }],
		['Minimum Credits', 'ezTexting', 'credit.topUp', 'minimumCredits', { numberOfCredits: 10, ...stored }],
		['Spending Limit', 'ezTexting', 'credit.topUp', 'spendingLimit', { numberOfCredits: 10, ...stored }],
		['Act Once Per', 'ezTexting', 'contact.block', 'options.idempotencyKey', contact],
		['Dry Run', 'ezTexting', 'message.cancel', 'dryRun', { messageId: '271100000003' }],
		['Scheduled For', 'ezTexting', 'message.send', 'options.scheduledFor', message],
		['Company Name', 'ezTexting', 'message.send', 'options.companyName', message],
		['From Number', 'ezTexting', 'message.send', 'options.fromNumber', message],
		['Media URL', 'ezTexting', 'message.send', 'options.mediaUrl', message],
		['Invalid Numbers', 'ezTexting', 'message.send', 'options.invalidNumbers', message],
		['Combine Items', 'ezTexting', 'message.send', 'options.combineItems', message],
		['Requests per Minute', 'ezTexting', 'message.send', 'options.requestsPerMinute', message],
		['Create Missing Groups', 'ezTexting', 'contact.upsert', 'options.createMissingGroups', contact],
		['Direction', 'ezTexting', 'message.getAll', 'filters.direction'],
		['Phone Number', 'ezTexting', 'message.getAll', 'filters.phoneNumber'],
		['After', 'ezTexting', 'message.getAll', 'filters.after'],
		['Scheduled', 'ezTexting', 'message.getAll', 'filters.scheduled'],
		['First Name', 'ezTexting', 'contact.getAll', 'filters.firstName'],
		['Source', 'ezTexting', 'contact.getAll', 'filters.source'],
		['Opted Out', 'ezTexting', 'contact.getAll', 'filters.optedOut'],
		['Group', 'clubTexting', 'contact.getAll', 'filters.group'],
		['Opted Out', 'clubTexting', 'contact.getAll', 'filters.optedOut'],
		['Search', 'clubTexting', 'contact.getAll', 'filters.query'],
		['Source', 'clubTexting', 'contact.getAll', 'filters.source'],
		['Folder ID', 'clubTexting', 'incomingMessage.getAll', 'filters.folderId'],
		['Search', 'clubTexting', 'incomingMessage.getAll', 'filters.search'],
		[
			'Include Recipients',
			'clubTexting',
			'message.getReport',
			'options.includeRecipients',
			{ messageId: '1' },
		],
	];

	test.each(rows)('%s (%s %s)', async (...row) => {
		const [label, provider] = row;
		const items = nothings.map((value) => ({ value }));
		const result = await bench.run(provider, mapped(row), items, going);
		const trouble = '(is filled in by an expression, but is empty for this item|is empty|must be .*)';
		expect(itemsOf(result)).toEqual(
			nothings.map(() => ({
				error: expect.stringMatching(new RegExp(`^“${label}” ${trouble} \\[item \\d\\]\\.`)) as string,
				details: expect.objectContaining({ outcome: 'invalid' }) as object,
			})),
		);
		expect(bench.simulator.requests).toEqual([]);
	});
});

describe('what may be empty, as its absence adds nothing', () => {
	const rows: Row[] = [
		['Title', 'mailPartner', 'subaccount.create', 'additionalFields.title'],
		['First Name', 'mailPartner', 'subaccount.create', 'additionalFields.firstName'],
		['Subject', 'clubTexting', 'message.send', 'options.subject', message],
		['Groups', 'clubTexting', 'message.send', 'options.groups', message],
		['Note', 'clubTexting', 'group.create', 'options.note', { name: '=Friends {{ $itemIndex }}' }],
		['Email', 'clubTexting', 'contact.upsert', 'additionalFields.email', contact],
		['Groups', 'ezTexting', 'message.send', 'options.groups', message],
		['Note', 'ezTexting', 'group.create', 'options.note', { name: '=Friends {{ $itemIndex }}' }],
		['Email', 'ezTexting', 'contact.upsert', 'additionalFields.email', contact],
		['Groups to Leave', 'ezTexting', 'contact.upsert', 'additionalFields.groupsToLeave', contact],
	];

	test.each(rows)('%s (%s %s)', async (...row) => {
		const [, provider] = row;
		const result = await bench.run(provider, mapped(row), [{ value: '' }, { value: null }], {
			onError: 'continueRegularOutput',
		});
		expect(itemsOf(result).map(({ error }) => error)).toEqual([undefined, undefined]);
	});
});

describe('a condition that leaves true or false in place of a text', () => {
	const rows: Row[] = [
		['Subject', 'clubTexting', 'message.send', 'options.subject', message],
		['Message', 'clubTexting', 'message.send', 'message', { phoneNumbers: '2125550101' }],
		['Confirm Message', 'clubTexting', 'keyword.setUp', 'options.confirmMessage', keyword],
		['Message', 'ezTexting', 'message.send', 'message', { phoneNumbers: '2125550101' }],
		['Company Name', 'ezTexting', 'message.send', 'options.companyName', message],
	];

	test.each(rows)('%s (%s %s) is not sent', async (...row) => {
		const [label, provider] = row;
		const items = [{ value: true }, { value: false }, { value: { name: 'Ann' } }];
		const result = await bench.run(provider, mapped(row), items, {
			onError: 'continueRegularOutput',
		});
		expect(itemsOf(result)).toMatchObject(
			['a boolean', 'a boolean', 'an object'].map((kind, index) => ({
				error: expect.stringMatching(
					new RegExp(`^“${label}” must be text, but is ${kind} \\[item ${index}\\]\\.`),
				) as string,
				details: { outcome: 'invalid' },
			})),
		);
		expect(bench.simulator.requests).toEqual([]);
	});
});
