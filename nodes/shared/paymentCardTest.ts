import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { checkedCard } from './paymentCard';

/** The test of the payment card credential: checked on this machine, nothing is sent anywhere. */
export async function paymentCard(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		checkedCard(credential.data ?? {});
		return { status: 'OK', message: 'The card looks right; it was checked here and sent nowhere' };
	} catch (error) {
		return { status: 'Error', message: (error as Error).message };
	}
}
