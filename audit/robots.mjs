// Lighthouse's own rule about robots.txt, given the file itself.
import RobotsTxt from "lighthouse/core/audits/seo/robots-txt.js";

const answer = await fetch(process.argv[2]);
const file = { status: answer.status, content: await answer.text() };
const { score, explanation, details } = RobotsTxt.audit({ RobotsTxt: file });
const faults = (details?.items ?? []).map((it) => `line ${it.index}: ${it.message}`);
console.log(JSON.stringify({ status: file.status, isRight: score === 1, faults: [explanation, ...faults].filter(Boolean) }));
