import type { IDataObject } from 'n8n-workflow';
import { actionNodes } from '../contract/contract';
import { eachAtOnce, itemsOf, openBench, pairs } from '../harness';
import { scenes, typeOf, type Scene } from '../scenes';

/** What a dry run gives the nodes behind: all of an item that is certain before the act. */
const bench = openBench();

const acting = scenes.filter(({ effects }) => effects);

/** What a dry run says of itself. */
const OF_THE_PLAN = ['dryRun', 'request', 'furtherRequests', 'cost'];

/** What only the answer of the provider tells, by operation; a dry run leaves it out. */
const ANSWERED: Record<string, string[]> = {
	'click2MailCredit.credit.coverJob': ['balanceAfter'],
	'click2MailCredit.credit.purchase': ['status', 'description', 'allowNegative', 'statusUrl', 'balance'],
	'click2MailCredit.credit.topUp': ['balanceAfter'],
	'click2Mail.letter.send': ['jobId', 'documentId', 'addressListId', 'pages', 'state'],
	'click2Mail.postcard.send': ['jobId', 'documentId', 'addressListId', 'pages', 'state'],
	'click2Mail.job.submit': ['state'],
	'clubTexting.message.send': [
		'messageId',
		'localOptOuts',
		'globalOptOuts',
		'unlisted',
		'sendTime',
		'credits',
		'recipientsCount',
		'messageIds',
	],
	'clubTexting.contact.upsert': ['contactId', 'source', 'createdAt'],
	'clubTexting.contact.optOut': [],
	'clubTexting.contact.delete': [],
	'clubTexting.group.create': ['groupId', 'contactCount'],
	'clubTexting.incomingMessage.delete': [],
	'clubTexting.keyword.rent': [
		'keywordId',
		'doubleOptIn',
		'confirmMessage',
		'joinMessage',
		'forwardEmail',
		'forwardUrl',
		'contactGroups',
	],
	// Settings that are not asked for stay as they are.
	'clubTexting.keyword.setUp': [
		'keywordId',
		'doubleOptIn',
		'confirmMessage',
		'forwardEmail',
		'forwardUrl',
		'contactGroups',
	],
	'clubTexting.keyword.cancel': [],
	'clubTexting.credit.buy': ['amount', 'discount', 'planCredits', 'anytimeCredits', 'totalCredits'],
	'clubTexting.credit.topUp': ['creditsAfter', 'amount'],
	'ezTexting.message.send': ['messageId', 'messageIds'],
	'ezTexting.message.cancel': ['stillScheduled'],
	'ezTexting.contact.upsert': ['source', 'optedOut', 'createdAt'],
	'ezTexting.contact.block': [],
	'ezTexting.contact.delete': [],
	'ezTexting.group.create': ['groupId'],
	'ezTexting.credit.buy': ['creditsAfter', 'confirmed', 'reply'],
	'ezTexting.credit.topUp': ['creditsAfter', 'confirmed', 'reply'],
	// The email of a simple sub-account is made up where none is given.
	'mailPartnerSubaccount.subaccount.create': ['token', 'email', 'confirmationSentTo', 'parentEmail'],
	'mailPartnerSubaccount.credit.add': ['accountBalance', 'subaccountBalance'],
	'mailPartnerSubaccount.credit.remove': ['accountBalance', 'subaccountBalance'],
	'mailPartnerSubaccount.credit.topUp': ['balanceAfter', 'accountBalance'],
};

function operationOf(scene: Scene): { name: string; output: string[] } {
	const [, node] = typeOf(scene).split('.') as [string, string];
	const [resource, operation] = [String(scene.parameters.resource), String(scene.parameters.operation)];
	return {
		name: `${node}.${resource}.${operation}`,
		output: actionNodes[node]![resource]![operation]!.output,
	};
}

/** The fields of an item that its operation puts out, too, in their order. */
const knownIn = (json: IDataObject, output: string[]) =>
	Object.entries(json).filter(([name]) => output.includes(name) && name !== 'cost');

describe('what is certain beforehand', () => {
	eachAtOnce(acting, '$name comes out of a dry run as of the act', async (scene, bench) => {
		scene.prepare?.(bench.simulator);
		const { name, output } = operationOf(scene);
		const pace = scene.name.includes('message.send') && { options: { requestsPerSecond: 1000 } };
		const dry = await bench.play(scene, { parameters: { ...pace, dryRun: true } });
		const real = await bench.play(scene, { parameters: { ...pace } });
		expect(pairs(dry)).toEqual(pairs(real));
		for (const [item, planned] of itemsOf(dry).entries()) {
			const done = itemsOf(real)[item]!;
			const known = knownIn(planned, output);
			// Nothing was bought for the items before it, so their balance is another one then.
			const same = known.filter(([field]) => item === 0 || !/^(balance|credits)Before$/.test(field));
			expect(same).toEqual(same.map(([field]) => [field, done[field]]));
			const missing = output.filter((field) => !(field in planned));
			expect(ANSWERED[name]).toEqual(expect.arrayContaining(missing));
			expect(Object.keys(planned).filter((field) => ![...OF_THE_PLAN, ...output].includes(field))).toEqual(
				[],
			);
			// In a table the fields stand where they stand after the act, and what would be sent stands behind them.
			expect(known.map(([field]) => field)).toEqual(
				Object.keys(done).filter((field) => known.some(([other]) => other === field)),
			);
			expect(Object.keys(planned)[0]).toBe('dryRun');
			expect(Object.keys(planned).indexOf('request')).toBeGreaterThan(known.length);
		}
	});
});

const people = ['2125550101', '2125550102', '2125550103', '2125550104'].map((number) => ({ number }));

test('a node behind “Create or Update” can be tried with what the dry run of it gives', async () => {
	const saved = await bench.run(
		'clubTexting',
		{ resource: 'contact', operation: 'upsert', phoneNumber: '={{ $json.number }}', dryRun: true },
		people,
	);
	const texted = await bench.run(
		'clubTexting',
		{
			resource: 'message',
			operation: 'send',
			phoneNumbers: '={{ $json.phoneNumber }}',
			message: 'Welcome',
			dryRun: true,
		},
		itemsOf(saved),
	);
	expect(itemsOf(texted)).toMatchObject(people.map(({ number }) => ({ recipients: [number] })));
	expect(bench.sent('send')).toEqual([]);
});

test.each([true, false])(
	'items that share a request each show their own number (dry run: %p)',
	async (dryRun) => {
		const result = await bench.run(
			'clubTexting',
			{
				resource: 'message',
				operation: 'send',
				phoneNumbers: '={{ $json.number }}',
				message: 'Hello',
				dryRun,
			},
			[...people, people[0]!],
		);
		expect(itemsOf(result)).toMatchObject(
			[...people, people[0]!].map(({ number }) => ({
				recipients: [number],
				itemsInRequest: 5,
				...(dryRun && { request: { body: { PhoneNumbers: [number] } } }),
			})),
		);
		expect(
			bench.sent('send').map(({ form }) => form?.filter(([name]) => name === 'PhoneNumbers[]').length),
		).toEqual(dryRun ? [] : [4]);
	},
);

test('a top-up that would buy nothing comes out as it would', async () => {
	const low = { resource: 'credit', operation: 'topUp', minimumBalance: '={{ $json.minimum }}', amount: 20 };
	const result = await bench.run('click2mail', { ...low, dryRun: true }, [{ minimum: 30 }, { minimum: 10 }]);
	expect(itemsOf(result)).toMatchObject([
		{ toppedUp: true, balanceBefore: 25.5, amount: 20, currency: 'USD', cost: 20 },
		{ toppedUp: false, balanceBefore: 25.5, balanceAfter: 25.5, amount: 0, request: null, cost: 0 },
	]);
});
