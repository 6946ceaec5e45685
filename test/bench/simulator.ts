import { startSimulator, subaccount } from '../simulator';
import type { Addresses, Counted } from './work';

/** The most a run sends, at the simulator's two credits each. */
const CREDITS = 1_000_000;
/** The list of sub-accounts, at the provider's 20 to a page. */
const PAGES = 2000;

/**
 * The providers in a process of their own, so that the processor time of the process that is measured is the
 * client's alone. The message `count` sets its books back and says what they had counted; `end` closes it.
 */
async function main(): Promise<void> {
	const simulator = await startSimulator({ record: false });
	const { url, click2mail, clubTexting, mailPartner } = simulator;
	const subaccounts = Array.from({ length: PAGES * 20 }, (_, count) =>
		subaccount(mailPartner.books, { balance: count / 100 }),
	);
	const open = (): void => {
		simulator.reset();
		clubTexting.books.anytimeCredits = CREDITS;
		mailPartner.books.subaccounts = subaccounts;
	};
	open();

	process.on('message', (message) => {
		if (message === 'end') return void simulator.close().then(() => process.disconnect());
		const texts = new Set(clubTexting.books.delivered.map(({ number, message: text }) => number + text));
		const { messages, delivered } = clubTexting.books;
		const counted: Counted = {
			messages: messages.length,
			delivered: delivered.length,
			different: texts.size,
		};
		open();
		process.send!(counted);
	});
	const addresses: Addresses = {
		url,
		click2mail: click2mail.credentials,
		clubTexting: clubTexting.credentials,
		mailPartner: mailPartner.credentials,
	};
	process.send!(addresses);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
