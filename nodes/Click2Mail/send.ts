import { invalid, isRefusal, notSent, orElse } from '../shared/errors';
import type { ActOperation, ParameterReader, PreparedPlan, Step } from '../shared/operation/types';
import type { HttpRequest } from '../shared/provider';
import { inUnits } from '../shared/values/amount';
import { shown } from '../shared/values/text';
import { addressIn } from './address';
import { documentOf, sourceIn, type Document, type Source } from './document';
import { draftOf, plannedDraft, type Draft, type Mail } from './draft';
import { dollars, estimateIn, toCents } from './job';
import { mailingDateIn } from './mailingDate';
import { productOf, type Kind } from './product';
import { sendFields, sendOptions } from './sendFields';
import { plannedSubmit, ruleIn, standingOf, submitOf, SUBMITTING } from './submit';
import type { Submitted, SubmitRule } from './submit';

interface Send extends SubmitRule {
	mail: Mail;
	source: Source;
	/** False leaves a draft. */
	submit: boolean;
	/** In ms. */
	timeout: number;
}

type Kept = Awaited<ReturnType<typeof standingOfMail>>;

/**
 * Mails one piece for each item: address list, document and job are prepared and cost nothing; the submit of the job is
 * the act.
 */
export function sendOf(
	kind: Kind,
	texts: { description: string; hint: string },
): ActOperation<Send, Kept, Submitted, Document> {
	return {
		option: { name: 'Send', value: 'send', action: `Send ${kind}`, ...texts },
		warning: `This prints and mails a ${kind} for each item and pays for it from your credit. It can’t be taken back.`,
		deed: `took the ${kind}`,
		fields: sendFields(kind),
		options: sendOptions(kind),
		...SUBMITTING,
		dryRunHelp: `Whether to check everything, ask for an estimate of the cost and show what would be sent, without mailing a ${kind}`,

		parameters: (read) => parametersIn(kind, read),
		resolve: async ({ source }, step) => await documentOf(kind, source, step),
		// Of two items with one reference, the second finds the job of the first.
		lane: ({ mail }, document) => mail.reference || `${document.identity} ${JSON.stringify(mail.recipient)}`,
		keep: async (send, step, document) =>
			await standingOfMail(await draftOf(send.mail, document, step, send.timeout), send, step),
		content: ({ mail, source }) => [mail, source],
		plan,
	};
}

function parametersIn(kind: Kind, read: ParameterReader): Send {
	const flagOf = (name: string) => kind === 'letter' && read.boolean(`options.${name}`);
	const recipient = addressIn(read);
	const print = { color: flagOf('color'), bothSides: flagOf('bothSides'), certified: flagOf('certified') };
	if (print.certified && recipient.country !== '') {
		const trouble = `goes within the US only, not to ${shown(recipient.country)}`;
		throw invalid(read.label('options.certified'), trouble);
	}
	return {
		mail: {
			kind,
			print,
			recipient,
			...returnAddressIn(read),
			mailingDate: mailingDateIn(read),
			reference: read.isGiven('options.reference') ? read.naming('options.reference') : '',
		},
		source: sourceIn(read),
		submit: read.boolean('options.submit'),
		timeout: read.number('options.timeout', { min: 1, decimals: 0, unit: 'ms' }),
		...ruleIn(read),
		isOnePiece: true,
	};
}

function returnAddressIn(read: ParameterReader): Pick<Mail, 'returnAddress'> {
	const path = 'options.returnAddress';
	if (!read.isGiven(path)) return {};
	const returnAddress = addressIn(read, `${path}.`);
	if (returnAddress.country === '') return { returnAddress };
	throw invalid(read.label(`${path}.country`), 'must be the United States: mail goes out from there');
}

/** A piece of mail whose draft is there, as it comes out. */
async function standingOfMail(draft: Draft, { submit, ...rule }: Send, step: Step) {
	const { documentId, addressListId, pages } = draft;
	const { jobId, ...standing } = await standingOf(step, draft.jobId!, submit ? rule : undefined);
	return { jobId, documentId, addressListId, pages, ...standing, abandonedJobId: lastAbandoned(draft) };
}

async function plan(send: Send, step: Step, document: Document): Promise<PreparedPlan> {
	const { mail, submit, maximumCost } = send;
	const { draft, requests } = await plannedDraft(mail, document, step);
	if (draft.jobId !== null) return plannedSubmit(await standingOfMail(draft, send, step));
	const abandonedJobId = lastAbandoned(draft);
	const estimate = await estimateOf(mail, step);
	if (submit && estimate !== null && estimate > inUnits(maximumCost, 3)) {
		const price = `${dollars(estimate)} USD`;
		const advice = `To mail it, raise “Maximum Cost” to ${dollars(toCents(estimate))} or more.`;
		throw notSent(`It would cost about ${price}, more than the maximum of ${maximumCost} USD`, advice);
	}
	return {
		prepares: requests,
		act: submit ? submitOf('(from the job)').request : undefined,
		json: { cost: estimate && dollars(estimate), submitted: submit, alreadySubmitted: false, abandonedJobId },
	};
}

const lastAbandoned = ({ abandonedJobIds }: Draft) => abandonedJobIds.at(-1) ?? null;

/** In thousandths; null where none can be had. @throws OperationError `refused` where nothing can be asked: a wrong log-in */
async function estimateOf(mail: Mail, step: Step): Promise<number | null> {
	const asked = step.read(estimateRequest(mail), estimateIn);
	return await orElse(asked, null, (error) => !isRefusal(error, 'run'));
}

/** What one piece of a page (a card: of two) would cost, which binds nobody. Source: the vendor's reference. */
function estimateRequest({ kind, print, recipient }: Mail): HttpRequest {
	const isAbroad = recipient.country !== '';
	return {
		method: 'GET',
		path: '/costEstimate',
		query: {
			...productOf(kind, print),
			quantity: isAbroad ? '0' : '1',
			nonStandardQuantity: '0',
			internationalQuantity: isAbroad ? '1' : '0',
			numberOfPages: kind === 'postcard' ? '2' : '1',
			paymentType: 'User Credit',
		},
	};
}
