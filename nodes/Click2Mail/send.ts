import type { IDataObject } from 'n8n-workflow';
import { invalid, OperationError, orNull } from '../shared/errors';
import type { ActOperation, ParameterReader, PreparedPlan, Step } from '../shared/operation/types';
import type { HttpRequest } from '../shared/provider';
import { inUnits } from '../shared/values/amount';
import { addressIn } from './address';
import { documentOf, sourceIn, type Document, type Source } from './document';
import { draftOf, draftRequests, type Draft, type Mail } from './draft';
import { ruleIn } from './fields';
import { costIn, costRequest, dollars, estimateIn } from './job';
import { mailingDateIn } from './mailingDate';
import { productOf, type Kind } from './product';
import { sendFields, sendOptions } from './sendFields';
import {
	costToSubmit,
	readJob,
	stateAfter,
	submitLookUp,
	submitOf,
	type Submitted,
	type SubmitRule,
} from './submit';

interface Send extends SubmitRule {
	mail: Mail;
	source: Source;
	/** False leaves a draft. */
	submit: boolean;
	/** In ms. */
	timeout: number;
}

type Kept = Pick<Draft, 'jobId' | 'documentId' | 'addressListId' | 'pages' | 'abandonedJobId'> & {
	jobId: string;
	/** In USD, without tax; null where it can't be read. */
	cost: number | null;
	state: string;
	/** Before this act. */
	submitted: boolean;
	submits: boolean;
};

type SendOperation = ActOperation<Send, Document, Kept, Submitted>;

/** How a kind of mail is named in the editor. */
type Words = Pick<SendOperation, 'option' | 'warning' | 'deed'>;

/**
 * Mails one piece for each item: address list, document and job are prepared and cost nothing; the submit of the job is
 * the act.
 */
export function sendOf(kind: Kind, words: Words): SendOperation {
	return {
		...words,
		fields: sendFields(kind),
		options: sendOptions(kind),
		effect: 'spends',
		dryRunHelp: `Whether to check everything, ask for an estimate of the cost and show what would be sent, without mailing a ${kind}`,

		parameters: (read) => parametersIn(kind, read),
		resolve: async ({ source }, step) => await documentOf(kind, source, step),
		// Of two items with one reference, the second finds the job of the first.
		lane: ({ mail }, document) => mail.reference || `${document.identity} ${JSON.stringify(mail.recipient)}`,
		keep: prepare,
		request: ({ jobId, submitted, submits }) => (submits && !submitted ? submitOf(jobId) : undefined),
		content: ({ mail, source }) => [mail, source],
		lookUp: ({ jobId }) => submitLookUp(jobId),
		subject: ({ jobId }) => (typeof jobId === 'string' ? `job ${jobId}` : undefined),
		plan,
		output,
	};
}

function parametersIn(kind: Kind, read: ParameterReader): Send {
	const flagOf = (name: string) => kind === 'letter' && read.boolean(`options.${name}`);
	const recipient = addressIn(read);
	const print = { color: flagOf('color'), bothSides: flagOf('bothSides'), certified: flagOf('certified') };
	if (print.certified && recipient.country !== '') {
		throw new OperationError(
			'invalid',
			`Certified Mail goes within the US only, not to ${recipient.country}`,
		);
	}
	return {
		mail: {
			kind,
			print,
			recipient,
			...returnAddressIn(read),
			mailingDate: mailingDateIn(read),
			reference: read.isGiven('options.reference') ? read.required('options.reference') : '',
		},
		source: sourceIn(read),
		submit: read.boolean('options.submit'),
		timeout: read.number('options.timeout', { min: 1, decimals: 0, unit: 'ms' }),
		...ruleIn(read),
	};
}

function returnAddressIn(read: ParameterReader): Pick<Mail, 'returnAddress'> {
	if (!read.isGiven('options.returnAddress')) return {};
	const returnAddress = addressIn(read, 'options.returnAddress.');
	if (returnAddress.country === '') return { returnAddress };
	throw invalid(
		read.label('options.returnAddress.country'),
		'must be the United States: mail goes out from there',
	);
}

async function prepare(
	{ mail, submit, timeout, ...rule }: Send,
	step: Step,
	document: Document,
): Promise<Kept> {
	const draft = await draftOf(mail, document, step, timeout);
	const jobId = draft.jobId!;
	const { documentId, addressListId, pages, abandonedJobId } = draft;
	const { state, submitted } = await readJob(step, jobId);
	const cost =
		submitted || !submit
			? await orNull(step.read(costRequest(jobId), costIn))
			: await costToSubmit(step, jobId, rule);
	return {
		jobId,
		documentId,
		addressListId,
		pages,
		abandonedJobId,
		cost: cost && dollars(cost.cost),
		state,
		submitted: submitted === true,
		submits: submit,
	};
}

async function plan(
	{ mail, submit, maximumCost }: Send,
	step: Step,
	document: Document,
): Promise<PreparedPlan> {
	const estimate = await orNull(step.read(estimateRequest(mail), estimateIn));
	if (submit && estimate !== null && estimate > inUnits(maximumCost, 3)) {
		throw new OperationError(
			'notSent',
			`It would cost about ${dollars(estimate)} USD, more than the maximum of ${maximumCost} USD`,
			{ advice: `To mail it, raise “Maximum Cost” to ${dollars(estimate)} or more.` },
		);
	}
	const toSubmit = submit ? [submitOf('(from the job)').request] : [];
	return {
		requests: [...draftRequests(mail, document), ...toSubmit],
		json: {
			cost: estimate && dollars(estimate),
			submitted: submit,
			alreadySubmitted: false,
			abandonedJobId: null,
		},
	};
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

async function output(kept: Kept, sent: Submitted | undefined, step: Step): Promise<IDataObject> {
	const { jobId, documentId, addressListId, pages, abandonedJobId, cost, submitted } = kept;
	const after = sent && (sent.state ?? (await stateAfter(step, jobId)));
	return {
		jobId,
		documentId,
		addressListId,
		pages,
		cost: sent?.cost ?? cost,
		state: sent ? after : kept.state,
		submitted: submitted || sent !== undefined,
		alreadySubmitted: submitted || sent?.alreadySubmitted === true,
		abandonedJobId,
	};
}
