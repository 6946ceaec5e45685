import { parseArgs } from 'node:util';

import { cards, startSimulator } from './index';

/** Runs the simulator by itself until it is stopped: `tsx test/simulator/cli.ts [--port 5680]`. */
async function main(): Promise<void> {
	const { values } = parseArgs({ options: { port: { type: 'string', default: '5680' } } });
	const simulator = await startSimulator({ port: Number(values.port), keepsLogIns: true });
	const { click2mail, clubTexting, ezTexting, mailPartner } = simulator;

	console.log(`The providers answer on ${simulator.url}. In n8n, choose the environment Custom and enter:

  Click2Mail    base URL  ${click2mail.baseUrl}
                username  ${click2mail.credentials.username}
                password  ${click2mail.credentials.password}
  Club Texting  base URL  ${clubTexting.baseUrl}
                username  ${clubTexting.credentials.username}
                password  ${clubTexting.credentials.password}
  EZ Texting    base URL  ${ezTexting.baseUrl}
                username  ${ezTexting.credentials.username}
                password  ${ezTexting.credentials.password}
  MailPartner   base URL  ${mailPartner.baseUrl}
                API key   ${mailPartner.credentials.apiKey}
  Card          ${cards.visa.number}, ${cards.visa.expirationMonth}/${cards.visa.expirationYear}, code ${cards.visa.securityCode}
                (Club Texting also knows a stored card that ends in ${[...clubTexting.books.storedCards].join(', ')})

  The books          curl ${simulator.url}/books
  All requests       curl ${simulator.url}/requests
  Order a fault      curl -H 'Content-Type: application/json' -d '{"fault":"timeoutAfter","provider":"clubTexting"}' ${simulator.url}/faults
  Back to the start  curl -X POST ${simulator.url}/reset
  All of it in short curl ${simulator.url}/

Ctrl-C ends it.`);

	for (const signal of ['SIGINT', 'SIGTERM'] as const)
		process.once(signal, () => {
			void simulator.close();
		});
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
