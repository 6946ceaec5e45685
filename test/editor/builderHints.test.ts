import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
	NodeHelpers,
	type INode,
	type INodePropertyOptions,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { actionNodes } from '../contract/contract';
import manifest from '../../package.json';

const root = path.join(__dirname, '../..');

/** Every node of the package, with the search words of its codex file. */
const nodes = manifest.n8n.nodes.map((file): { description: INodeTypeDescription; alias: string[] } => {
	const source = path.join(root, file.replace(/^dist\//, '').replace(/\.js$/, ''));
	const className = path.basename(file).split('.')[0]!;
	const classes = jest.requireActual<Record<string, new () => INodeType>>(source);
	const { alias } = JSON.parse(readFileSync(`${source}.json`, 'utf8')) as { alias: string[] };
	return { description: new classes[className]!().description, alias };
});

/** The dropdown's entry of each operation. */
function operationsOf({ properties }: INodeTypeDescription) {
	return properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ displayOptions, options = [] }) =>
			(options as INodePropertyOptions[]).map((option) => ({
				resource: String(displayOptions!.show!.resource![0]),
				option,
			})),
		);
}

/** What can be found, by name: its words. */
const texts = new Map(
	nodes.flatMap(({ description, alias }): Array<[string, string]> => {
		const own = [description.displayName, alias.join(' '), description.builderHint?.searchHint ?? ''].join(
			' ',
		);
		const operations = operationsOf(description);
		if (operations.length === 0) return [[description.name, `${own} ${description.description}`]];
		return operations.map(({ resource, option }) => [
			`${description.name}.${resource}.${String(option.value)}`,
			[
				description.displayName,
				resource,
				option.name,
				option.action,
				option.description,
				option.builderHint?.propertyHint,
			]
				.filter(Boolean)
				.join(' '),
		]);
	}),
);

const FILLERS = new Set(
	'a an and are as at be but by did do for from has have how i in is it its me my now of on or our so than that the then this to us we what when where which who with you your'.split(
		' ',
	),
);

function wordsOf(text: string): string[] {
	return (
		text
			.replace(/([a-z])([A-Z])/g, '$1 $2')
			.toLowerCase()
			.match(/[a-z0-9]+/g) ?? []
	)
		.filter((word) => !FILLERS.has(word))
		.map((word) => word.replace(/(?<=...)(ies)$/, 'y').replace(/(?<=...)(ing|ed|s)$/, ''));
}

/** BM25, by words alone. */
function ranked(request: string): string[] {
	const documents = [...texts].map(([name, text]) => ({ name, words: wordsOf(text) }));
	const average = documents.reduce((sum, { words }) => sum + words.length, 0) / documents.length;
	const query = [...new Set(wordsOf(request))];
	const scored = documents.map(({ name, words }) => {
		const score = query.reduce((sum, word) => {
			const count = words.filter((other) => other === word).length;
			const having = documents.filter((document) => document.words.includes(word)).length;
			const weight = Math.log(1 + (documents.length - having + 0.5) / (having + 0.5));
			return sum + (weight * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * words.length) / average));
		}, 0);
		return { name, score };
	});
	return scored.sort((a, b) => b.score - a.score).map(({ name }) => name);
}

describe('by words alone, the first that is found for', () => {
	test.each([
		['text my customers that the shop is closed tomorrow', 'clubTexting.message.send'],
		['did my sms campaign arrive, and how many bounced?', 'clubTexting.message.getReport'],
		['unsubscribe this phone number so that it never gets texts again', 'clubTexting.contact.optOut'],
		['list everybody who has unsubscribed', 'clubTexting.contact.getAll'],
		['add a person to my text list', 'clubTexting.contact.upsert'],
		['look up whether one customer has opted out', 'clubTexting.contact.get'],
		['show me the replies that people texted us', 'clubTexting.incomingMessage.getAll'],
		['how many sms credits are left?', 'clubTexting.credit.getBalance'],
		['buy 1000 more sms credits', 'clubTexting.credit.buy'],
		['refill our postage whenever it gets low', 'click2MailCredit.credit.topUp'],
		['give a reseller’s customer 20 euro of credit', 'mailPartnerSubaccount.credit.add'],
		['open an account for a new client', 'mailPartnerSubaccount.subaccount.create'],
		['is the keyword PIZZA still free?', 'clubTexting.keyword.checkAvailability'],
		['start when somebody opts out at Club Texting, by polling', 'clubTextingPollingTrigger'],
		['start when somebody opts out at EZ Texting', 'ezTextingTrigger'],
		['with EZ Texting, cancel the text that is scheduled', 'ezTexting.message.cancel'],
		['tell me when postage credit runs low', 'click2MailCreditTrigger'],
		['with EZ Texting, text my customers that the shop is closed tomorrow', 'ezTexting.message.send'],
		['with EZ Texting, did my sms campaign arrive, and how many bounced?', 'ezTexting.message.getReport'],
		[
			'at EZ Texting, unsubscribe this phone number so that it never gets texts again',
			'ezTexting.contact.block',
		],
		['list everybody who has unsubscribed at EZ Texting', 'ezTexting.contact.getAll'],
		['add a person to my text list of EZ Texting', 'ezTexting.contact.upsert'],
		['look up whether one customer has opted out at EZ Texting', 'ezTexting.contact.get'],
		['show me the replies that people texted us, in EZ Texting', 'ezTexting.message.getAll'],
		['how many sms credits are left at EZ Texting?', 'ezTexting.credit.getBalance'],
		['buy 1000 more sms credits of EZ Texting', 'ezTexting.credit.buy'],
		['refill our sms credits of EZ Texting whenever they get low', 'ezTexting.credit.topUp'],
		['is the keyword PIZZA still free at EZ Texting?', 'ezTexting.keyword.checkAvailability'],
		['tell me when EZ Texting credits run low', 'ezTextingCreditTrigger'],
		['what does this letter cost before it is mailed?', 'click2Mail.job.getCost'],
		['take 10 euro back from a reseller’s customer', 'mailPartnerSubaccount.credit.remove'],
		['mail a printed letter to a customer', 'click2Mail.letter.send'],
		['send a postcard to everybody who ordered', 'click2Mail.postcard.send'],
		['start when a new sub-account was created', 'mailPartnerSubaccountTrigger'],
		['start at once when somebody texts a keyword', 'clubTextingTrigger'],
		['remind patients of their appointment by text', 'clubTexting.message.send'],
		['let subscribers know about our new menu', 'clubTexting.message.send'],
		['how many of the texts were delivered?', 'clubTexting.message.getReport'],
		['who has opted out?', 'clubTexting.contact.getAll'],
		['save a new subscriber with name and email', 'clubTexting.contact.upsert'],
		['find the contact with this phone number', 'clubTexting.contact.get'],
		['read our inbox', 'clubTexting.incomingMessage.getAll'],
		['what is our text credit balance?', 'clubTexting.credit.getBalance'],
		['top up sms credits when they run low', 'clubTexting.credit.topUp'],
		['purchase more texting credits', 'clubTexting.credit.buy'],
		['put 50 dollars on our Click2Mail account', 'click2MailCredit.credit.purchase'],
		['has my letter been mailed yet?', 'click2Mail.job.get'],
		['send a picture with EZ Texting', 'ezTexting.message.send'],
	])('“%s” is %s', (request, expected) => {
		expect(ranked(request).slice(0, 3)[0]).toBe(expected);
	});
});

test('every node has a hint for n8n’s assistant, in plain words', () => {
	for (const { description } of nodes) {
		const { searchHint = '' } = description.builderHint ?? {};
		expect(searchHint).toMatch(/^[A-Z].{30,}\.$/);
		expect(searchHint.length).toBeLessThan(400);
	}
});

describe.each(Object.entries(actionNodes))('the tools of %s', (name, resources) => {
	const { description } = nodes.find((node) => node.description.name === name)!;
	const tools = Object.entries(resources).flatMap(([resource, operations]) =>
		Object.entries(operations).map(([operation, { fields, collections }]) => {
			const parameters = { resource, operation };
			const node = { parameters } as unknown as INode;
			const text = NodeHelpers.getToolDescriptionForNode(node, { description });
			const costs = 'maximumPerDay' in (collections.options ?? {}) || operation === 'send';
			return { path: `${resource}.${operation}`, text, acts: 'dryRun' in fields, costs };
		}),
	);

	test.each(tools)('$path says what it costs, and whether it can be taken back', ({ text, acts, costs }) => {
		expect(text).toMatch(new RegExp(` in ${description.defaults.name}$`));
		expect(/costs (credit|money)/.test(text)).toBe(costs);
		expect(/can’t be taken back|changes the account/.test(text)).toBe(acts);
		expect(text.length).toBeLessThan(120);
	});

	test('acts say in their hints what they do for good', () => {
		for (const { resource, option } of operationsOf(description)) {
			const acts = 'dryRun' in resources[resource]![String(option.value)]!.fields;
			if (acts)
				expect(option.builderHint?.propertyHint).toMatch(
					/This .+\. Use it only where the request asks for it\.$/,
				);
		}
		const hinted = description.properties
			.filter(({ builderHint }) => builderHint)
			.map(({ name: field }) => field);
		if (tools.some(({ acts }) => acts)) expect(hinted).toContain('dryRun');
	});
});
