import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { messageOf, notSent, OperationError, type Affects, type ErrorFacts } from '../errors';
import { nameOf, type HttpRequest, type Provider, type Refusal, type Verdict } from '../provider';
import type { Evaluation } from '../http/evaluate';

type RefusalFacts = Pick<ErrorFacts, 'httpStatus' | 'affects' | 'account'> & {
	code?: string;
	request?: HttpRequest;
};

/** Words the errors of one operation: each names the provider and the operation. */
export class Failures {
	/** As texts name the provider; which of its brands is known with the credential. */
	name: string;
	/** Where the credential sends requests, where that is no address of the provider's own. */
	private customUrl: string | undefined;

	constructor(
		private readonly provider: Provider,
		/** Resource and operation, e.g. `credit.purchase`. */
		private readonly operation: string,
		credential: ICredentialDataDecryptedObject = {},
		/** What an act has done, such as "charged the card". */
		private readonly deed = 'did it',
	) {
		this.name = provider.name;
		this.setCredential(credential);
	}

	setCredential(credential: ICredentialDataDecryptedObject): void {
		this.name = nameOf(this.provider, credential);
		this.customUrl = credential.environment === 'custom' ? String(credential.baseUrl).trim() : undefined;
	}

	/** Whatever was thrown, as an error with provider and operation named. */
	of(error: unknown): OperationError {
		const known =
			error instanceof OperationError
				? error
				: new OperationError('unknown', `The node stopped unexpectedly: ${messageOf(error)}`);
		return known.with({ provider: this.name, operation: this.operation, affects: 'item' });
	}

	/** @param message the provider's own words, redacted */
	refused(message: string, facts: RefusalFacts): OperationError {
		const { code, httpStatus = 0, affects, account, request } = facts;
		const refusal = this.refusal({ code, httpStatus, message, request });
		const reason = this.provider.reason?.(refusal) ?? message;
		return this.of(
			new OperationError('refused', `${this.name} refused: ${reason}`, {
				...(code !== undefined && { providerCode: code }),
				...(httpStatus > 0 && { httpStatus }),
				affects: affects ?? 'item',
				account,
				advice: this.provider.advice(refusal),
			}),
		);
	}

	private refusal(refusal: Omit<Refusal, 'operation' | 'provider' | 'customUrl'>): Refusal {
		const { operation, name: provider, customUrl } = this;
		return { ...refusal, operation, provider, ...(customUrl !== undefined && { customUrl }) };
	}

	/**
	 * Why a question has no answer: asking changes nothing, whatever became of it.
	 *
	 * @param affects whom a refusal concerns
	 */
	ofReading({ verdict, response }: Evaluation<unknown>, request: HttpRequest, affects?: Affects) {
		const httpStatus = response?.status;
		switch (verdict.kind) {
			case 'refused':
			case 'notProcessed':
				return this.refused(verdict.message, { code: verdict.code, httpStatus, request, affects });
			case 'notSent':
				return this.unreachable(verdict);
			default:
				return this.unanswered(
					(verdict as { why: string }).why,
					httpStatus === undefined ? {} : { httpStatus },
				);
		}
	}

	/** A refusal as an earlier try of the execution was told it. */
	recalled(error: OperationError): OperationError {
		const { providerCode: code, httpStatus = 0 } = error.facts;
		const advice =
			error.outcome === 'refused'
				? this.provider.advice(this.refusal({ code, httpStatus, message: error.message }))
				: this.lookUp();
		return this.of(error.with({ advice }));
	}

	notSent(
		why: string,
		affects: Affects = 'item',
		advice = 'Nothing happened for this item; it can be run again.',
	): OperationError {
		return this.of(notSent(`Not sent to ${this.name}: ${why}`, advice, { affects }));
	}

	/** No connection stood, so no item was or will be sent. */
	unreachable({ why, obstacle }: Extract<Verdict, { kind: 'notSent' }>): OperationError {
		const isCustom = this.customUrl !== undefined;
		const where = isCustom ? `the base URL of the credential, ${this.customUrl}` : this.name;
		const advice = {
			none: isCustom
				? `This n8n can’t reach ${where}. Check how it is written, and whether the server behind it runs.`
				: `This n8n can’t reach ${where}. Check its network, its DNS and its proxy, or try again later.`,
			notAllowed: `Ask whoever runs this n8n to allow ${where}.`,
			untrusted: isCustom
				? `Give the server behind ${where}, https with a valid certificate.`
				: `Something may answer in place of ${where}, such as a proxy: ask whoever runs your network.`,
		};
		return this.notSent(why, 'run', `Nothing happened. ${advice[obstacle ?? 'none']}`);
	}

	cancelled(): OperationError {
		return this.notSent('the execution was cancelled', 'run');
	}

	/** A request that did not leave at its turn, with nothing to hold it back: nobody wants it any more, or its time has passed. */
	notLeft(signal: AbortSignal | undefined): OperationError {
		return signal?.aborted ? this.cancelled() : this.notSent('the time it was made for has passed');
	}

	/** What becomes of the items that a failure of another one concerns, too. */
	heldBack(error: OperationError): OperationError {
		const cause = error.facts.cause ?? error;
		const { outcome, message, facts } = cause;
		const on = facts.affects === 'account' ? facts.account : undefined;
		if (outcome === 'notSent' || outcome === 'invalid') return cause;
		const act = on?.kind === 'card' ? 'charge' : 'transfer';
		const earlier = on ? `an earlier ${act} on the same ${on.kind}` : 'an earlier request';
		const came = outcome === 'unknown' ? 'has an unknown outcome' : `was refused (${message})`;
		return this.notSent(`${earlier} in this run ${came}`, facts.affects);
	}

	/** An act that n8n's database knows and the journal does not. */
	recordLost(facts: ErrorFacts): OperationError {
		return this.unknown('an earlier run of this execution sent it, and n8n lost what came of it', facts);
	}

	/** An act that left and was not clearly answered. */
	unknown(why: string, facts: ErrorFacts = {}): OperationError {
		return this.of(
			new OperationError('unknown', `It is unknown whether ${this.name} ${this.deed}: ${why}`, {
				...facts,
				advice: [this.lookUp(), this.ifBroken(facts)].join(' ').trim(),
			}),
		);
	}

	private lookUp(): string {
		const where = this.provider.whereToLook?.(this.operation);
		const look = where === undefined ? `Look it up at ${this.name}` : `${where} Look`;
		return `It may or may not have happened, and a retry of this execution does not repeat it. ${look} before you run it anew: a new run, also by “Execute step”, may do it again unless “Act Once Per” names it.`;
	}

	private ifBroken({ httpStatus }: ErrorFacts): string {
		return httpStatus === 500 ? (this.provider.brokenAdvice?.(this.name) ?? '') : '';
	}

	/** An act that left in an earlier try and was not answered. */
	leftOpen(): OperationError {
		return this.unknown('an earlier try sent it, and no answer to that is known');
	}

	/** A question that was not clearly answered. */
	private unanswered(why: string, facts: ErrorFacts = {}): OperationError {
		return this.of(
			new OperationError('unknown', `${this.name} gave no clear answer: ${why}`, {
				...facts,
				advice: `This was a request to read; nothing was changed. ${this.askAgain(why, facts)}`,
			}),
		);
	}

	private askAgain(why: string, facts: ErrorFacts): string {
		const { httpStatus = 0 } = facts;
		if (this.customUrl && (/web page/.test(why) || (httpStatus >= 300 && httpStatus < 400))) {
			return `Check the base URL in the credential: what answers at ${this.customUrl} may not be ${this.name}.`;
		}
		const broken = this.ifBroken(facts);
		if (broken !== '') return broken;
		if (httpStatus >= 500)
			return `${this.name} is in trouble at the moment: wait a few minutes, then run it again.`;
		return 'It can be run again.';
	}
}
