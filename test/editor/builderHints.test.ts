import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
	NodeHelpers,
	type INode,
	type INodePropertyOptions,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { optionOf } from '../../nodes/shared/operation/builderHints';
import type { Operation } from '../../nodes/shared/operation/types';
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
		['let everybody in the group Regulars know that we open at 9 tomorrow', 'clubTexting.message.send'],
		['send a sms to a lead when a form is filled in', 'clubTexting.message.send'],
		['blast a promo code to all my subscribers', 'clubTexting.message.send'],
		['schedule a text for Friday at 6pm', 'clubTexting.message.send'],
		['who got my last text and who did not?', 'clubTexting.message.getReport'],
		['delivery status of a message', 'clubTexting.message.getReport'],
		['remove a number from our list', 'clubTexting.contact.optOut'],
		['delete a contact', 'clubTexting.contact.delete'],
		['change the email of a contact', 'clubTexting.contact.upsert'],
		['make a new contact group', 'clubTexting.group.create'],
		['which groups do we have?', 'clubTexting.group.getAll'],
		['delete old messages from the inbox', 'clubTexting.incomingMessage.delete'],
		['change the auto reply of a keyword', 'clubTexting.keyword.setUp'],
		['give up a keyword we no longer need', 'clubTexting.keyword.cancel'],
		['is this number a mobile, and with which carrier?', 'clubTexting.phoneNumber.lookUpCarrier'],
		['run a workflow when a customer replies by sms, without webhook', 'clubTextingPollingTrigger'],
		['trigger when someone texts our keyword', 'clubTextingTrigger'],
		['alert me when sms credits are almost used up', 'clubTextingCreditTrigger'],
		['mail a certified letter', 'click2Mail.letter.send'],
		['print and mail a thank you card', 'click2Mail.postcard.send'],
		['mail a direct mail postcard to leads', 'click2Mail.postcard.send'],
		['status of a letter that was mailed', 'click2Mail.job.get'],
		['how much postage would this job cost', 'click2Mail.job.getCost'],
		['pay for a mail job that lacks credit', 'click2MailCredit.credit.coverJob'],
		['buy 100 dollars of postage', 'click2MailCredit.credit.purchase'],
		['keep at least 50 dollars of postage in the account', 'click2MailCredit.credit.topUp'],
		['list all resellers’ clients and their balance', 'mailPartnerSubaccount.subaccount.getAll'],
		['top up a sub-account when it runs low', 'mailPartnerSubaccount.credit.topUp'],
		['our MailPartner balance', 'mailPartnerSubaccount.credit.getBalance'],
		['warn me when a sub-account is short of credit', 'mailPartnerSubaccountTrigger'],
		['with EZ Texting, send an mms with an image', 'ezTexting.message.send'],
		['with EZ Texting, block a number', 'ezTexting.contact.block'],
		['with EZ Texting, delete a contact', 'ezTexting.contact.delete'],
		['EZ Texting: create a group for the summer camp', 'ezTexting.group.create'],
		['EZ Texting: which groups are there', 'ezTexting.group.getAll'],
		['EZ Texting: start when a text comes in', 'ezTextingTrigger'],
		['list texts that are scheduled at EZ Texting', 'ezTexting.message.getAll'],
		['EZ Texting: read received messages', 'ezTexting.message.getAll'],
		['EZ Texting: move a contact out of a group', 'ezTexting.contact.upsert'],
		['EZ Texting: alert me when credits run out', 'ezTextingCreditTrigger'],
		['EZ Texting: delivery report', 'ezTexting.message.getReport'],
		['notify my clients by sms that their car is ready', 'clubTexting.message.send'],
		['which of the texts failed?', 'clubTexting.message.getReport'],
		['check whether a text was delivered', 'clubTexting.message.getReport'],
		['a customer wants no more texts', 'clubTexting.contact.optOut'],
		['update the name of a contact', 'clubTexting.contact.upsert'],
		['sync crm contacts to Club Texting', 'clubTexting.contact.upsert'],
		['has this phone number opted out?', 'clubTexting.contact.get'],
		['how many people are in each group?', 'clubTexting.group.getAll'],
		['fetch incoming texts', 'clubTexting.incomingMessage.getAll'],
		['clean up the inbox', 'clubTexting.incomingMessage.delete'],
		['what do people get back who text our keyword? change it', 'clubTexting.keyword.setUp'],
		['cancel our keyword', 'clubTexting.keyword.cancel'],
		['find the carrier of a phone number', 'clubTexting.phoneNumber.lookUpCarrier'],
		['poll for new replies every 5 minutes', 'clubTextingPollingTrigger'],
		['start when sms credit is low', 'clubTextingCreditTrigger'],
		['send a paper letter to each new customer', 'click2Mail.letter.send'],
		['send holiday postcards', 'click2Mail.postcard.send'],
		['was the postcard sent out?', 'click2Mail.job.get'],
		['estimate the price of a mailing', 'click2Mail.job.getCost'],
		['add money to Click2Mail', 'click2MailCredit.credit.purchase'],
		['what is our postage balance?', 'click2MailCredit.credit.getBalance'],
		['buy postage when it falls under 20 dollars', 'click2MailCredit.credit.topUp'],
		['transfer 50 euro to a client', 'mailPartnerSubaccount.credit.add'],
		['take unused credit back', 'mailPartnerSubaccount.credit.remove'],
		['set up a new reseller customer', 'mailPartnerSubaccount.subaccount.create'],
		['EZ Texting: save a lead with name', 'ezTexting.contact.upsert'],
		['EZ Texting: stop a scheduled text', 'ezTexting.message.cancel'],
		['EZ Texting: buy 500 credits', 'ezTexting.credit.buy'],
		['EZ Texting: is a keyword available', 'ezTexting.keyword.checkAvailability'],
		['EZ Texting: run when somebody replies STOP', 'ezTextingTrigger'],
		['EZ Texting: all contacts who opted out', 'ezTexting.contact.getAll'],
		['sms my clients a discount', 'clubTexting.message.send'],
		['text everyone in a group', 'clubTexting.message.send'],
		['send bulk sms', 'clubTexting.message.send'],
		['text a birthday greeting', 'clubTexting.message.send'],
		['text people only during the day', 'clubTexting.message.send'],
		['ask for a review by text message', 'clubTexting.message.send'],
		['wish customers a happy birthday by sms', 'clubTexting.message.send'],
		['were my texts received?', 'clubTexting.message.getReport'],
		['put a number on do not contact', 'clubTexting.contact.optOut'],
		['subscribe a new customer', 'clubTexting.contact.upsert'],
		['import leads as contacts', 'clubTexting.contact.upsert'],
		['get all subscribers', 'clubTexting.contact.getAll'],
		['get received sms', 'clubTexting.incomingMessage.getAll'],
		['get a new keyword', 'clubTexting.keyword.rent'],
		['check if a keyword is available', 'clubTexting.keyword.checkAvailability'],
		['turn on double opt-in', 'clubTexting.keyword.setUp'],
		['never run out of sms credits', 'clubTexting.credit.topUp'],
		['start when a customer texts us', 'clubTextingTrigger'],
		['check the Click2Mail balance', 'click2MailCredit.credit.getBalance'],
		['how much credit has a client?', 'mailPartnerSubaccount.subaccount.get'],
		['start when a client runs out of credit', 'mailPartnerSubaccountTrigger'],
		['EZ Texting: how many were delivered', 'ezTexting.message.getReport'],
		['EZ Texting: purchase credits', 'ezTexting.credit.buy'],
		['EZ Texting: read replies', 'ezTexting.message.getAll'],
		['send an appointment reminder by sms', 'clubTexting.message.send'],
		['rent a keyword', 'clubTexting.keyword.rent'],
		['submit a mail job', 'click2Mail.job.submit'],
		['release the draft letter', 'click2Mail.job.submit'],
		['buy just enough credit for a letter', 'click2MailCredit.credit.coverJob'],
		['find a sub-account by email', 'mailPartnerSubaccount.subaccount.get'],
		['EZ Texting: what does our keyword answer?', 'ezTexting.keyword.get'],
		['EZ Texting: withdraw a planned message', 'ezTexting.message.cancel'],
		['add a contact to a group', 'clubTexting.contact.upsert'],
		['stop texting a customer', 'clubTexting.contact.optOut'],
		['list all contacts', 'clubTexting.contact.getAll'],
		['tell everyone on my list that we are closed on Monday', 'clubTexting.message.send'],
		['send a coupon by text to people who have not been here for a month', 'clubTexting.message.send'],
		['how did my last campaign do?', 'clubTexting.message.getReport'],
		['take somebody off our texting list', 'clubTexting.contact.optOut'],
		['she does not want to hear from us by sms any more', 'clubTexting.contact.optOut'],
		['put a new customer in the VIP group', 'clubTexting.contact.upsert'],
		['correct the last name of a subscriber', 'clubTexting.contact.upsert'],
		['export all my contacts to a spreadsheet', 'clubTexting.contact.getAll'],
		['erase a contact for good', 'clubTexting.contact.delete'],
		['start a group for the summer camp', 'clubTexting.group.create'],
		['what have customers texted us today?', 'clubTexting.incomingMessage.getAll'],
		['throw away old texts we got', 'clubTexting.incomingMessage.delete'],
		['can we still get the keyword TACOS?', 'clubTexting.keyword.checkAvailability'],
		['what should people get back when they text our keyword', 'clubTexting.keyword.setUp'],
		['order more text credits with the card on file', 'clubTexting.credit.buy'],
		['make sure we always have at least 500 sms credits', 'clubTexting.credit.topUp'],
		['do we have enough credits for 300 texts?', 'clubTexting.credit.getBalance'],
		['which phone company is this number with?', 'clubTexting.phoneNumber.lookUpCarrier'],
		['when someone replies to our text, run a workflow', 'clubTextingTrigger'],
		['start when a contact unsubscribes', 'clubTextingPollingTrigger'],
		['mail the invoice on paper', 'click2Mail.letter.send'],
		['send a card by post for a birthday', 'click2Mail.postcard.send'],
		['what will it cost to mail this letter?', 'click2Mail.job.getCost'],
		['mail the letter that is waiting as a draft', 'click2Mail.job.submit'],
		['how much money is left for postage?', 'click2MailCredit.credit.getBalance'],
		['buy postage for one letter', 'click2MailCredit.credit.coverJob'],
		['email me when postage is nearly gone', 'click2MailCreditTrigger'],
		['move credit from a client back to our account', 'mailPartnerSubaccount.credit.remove'],
		['show me one client’s account', 'mailPartnerSubaccount.subaccount.get'],
		['make sure a client never runs out of credit', 'mailPartnerSubaccount.credit.topUp'],
		['EZ Texting: text a photo of the menu', 'ezTexting.message.send'],
		['EZ Texting: call back a text planned for tomorrow', 'ezTexting.message.cancel'],
		['EZ Texting: stop texting a customer', 'ezTexting.contact.block'],
		['EZ Texting: add a contact to a group', 'ezTexting.contact.upsert'],
		['EZ Texting: start when a new contact is added', 'ezTextingTrigger'],
		['EZ Texting: who is on our list?', 'ezTexting.contact.getAll'],
		['EZ Texting: tell me what people answered', 'ezTexting.message.getAll'],
		['who is this number’s carrier, AT&T or Verizon?', 'clubTexting.phoneNumber.lookUpCarrier'],
		['opt a number out', 'clubTexting.contact.optOut'],
		['opt a customer out of texts', 'clubTexting.contact.optOut'],
		['where is the postcard that we sent?', 'click2Mail.job.get'],
		['show the members of a group', 'clubTexting.contact.getAll'],
		['remind me by sms of the dentist', 'clubTexting.message.send'],
		['warn parents by text that school is closed', 'clubTexting.message.send'],
		['send a verification code by sms', 'clubTexting.message.send'],
		['invite our members to the party by text', 'clubTexting.message.send'],
		['what happened to the message I sent yesterday?', 'clubTexting.message.getReport'],
		['what is the email of this contact?', 'clubTexting.contact.get'],
		['forget a person’s data', 'clubTexting.contact.delete'],
		['is the word PASTA taken as keyword?', 'clubTexting.keyword.checkAvailability'],
		['book the keyword PASTA', 'clubTexting.keyword.rent'],
		['stop paying for a keyword', 'clubTexting.keyword.cancel'],
		['set the answer that people get for a keyword', 'clubTexting.keyword.setUp'],
		['how many credits do we have?', 'clubTexting.credit.getBalance'],
		['is it a landline or a mobile?', 'clubTexting.phoneNumber.lookUpCarrier'],
		['post a contract to a client', 'click2Mail.letter.send'],
		['mail a bill to somebody without email', 'click2Mail.letter.send'],
		['load 200 dollars of mailing credit', 'click2MailCredit.credit.purchase'],
		['charge my card for postage', 'click2MailCredit.credit.purchase'],
		['top up Click2Mail when the balance is below 20', 'click2MailCredit.credit.topUp'],
		['how much postage do we have left?', 'click2MailCredit.credit.getBalance'],
		['move 30 euro to the account of a customer', 'mailPartnerSubaccount.credit.add'],
		['pull credit out of a sub-account', 'mailPartnerSubaccount.credit.remove'],
		['make a sub-account for a new shop', 'mailPartnerSubaccount.subaccount.create'],
		['show me all sub-accounts', 'mailPartnerSubaccount.subaccount.getAll'],
		['EZ Texting: refill when low', 'ezTexting.credit.topUp'],
		['EZ Texting: how many credits do we have', 'ezTexting.credit.getBalance'],
		['EZ Texting: remove a contact', 'ezTexting.contact.delete'],
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

test.each([
	['reads', '', 'Do it'],
	['sends', 'It texts.', 'Do it (costs credit, can’t be taken back)'],
	['spends', 'It buys.', 'Do it (costs money, can’t be taken back)'],
	['changes', 'It writes.', 'Do it (changes the account)'],
	['changes', 'It deletes and can’t be undone.', 'Do it (can’t be taken back)'],
	['changes', 'It deletes and can’t be taken back.', 'Do it (can’t be taken back)'],
])('a tool that %s, of which the editor warns “%s”', (effect, warning, action) => {
	const option = { name: 'Do', value: 'do', action: 'Do it', description: 'Does it' };
	const operation = { option: { ...option, hint: 'What it does.' }, effect, warning };
	expect(optionOf(operation as Operation)).toEqual({
		...option,
		action,
		builderHint: {
			propertyHint:
				effect === 'reads'
					? 'What it does.'
					: `What it does. ${warning} Use it only where the request asks for it.`,
		},
	});
});
