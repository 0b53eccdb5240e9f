/** All validators by the name that rules use: `<country>/<name>`, or a bare name for what every country shares. */
import * as au from './au.ts';
import { bic } from './bank.ts';
import { birthDate } from './birth-date.ts';
import * as br from './br.ts';
import * as ca from './ca.ts';
import { card } from './card.ts';
import * as de from './de.ts';
import { email } from './email.ts';
import * as es from './es.ts';
import * as fr from './fr.ts';
import * as gb from './gb.ts';
import { iban } from './iban.ts';
import * as india from './in.ts';
import * as it from './it.ts';
import { ip, mac } from './network.ts';
import * as nl from './nl.ts';
import { phone } from './phone.ts';
import * as pl from './pl.ts';
import * as us from './us.ts';
import type { Validator } from './validator.ts';

export type { Validator, Verdict } from './validator.ts';

export const validators: ReadonlyMap<string, Validator> = new Map<string, Validator>([
  ['card', card],
  ['email', email],
  ['iban', iban],
  ['ip', ip],
  ['mac', mac],
  ['phone', phone],
  ['birth-date', birthDate],
  ['bic', bic],
  ['us/ssn', us.ssn],
  ['us/itin', us.itin],
  ['us/ein', us.ein],
  ['us/aba', us.aba],
  ['us/npi', us.npi],
  ['us/mbi', us.mbi],
  ['us/dea', us.dea],
  ['gb/nino', gb.nino],
  ['gb/nhs', gb.nhs],
  ['gb/utr', gb.utr],
  ['gb/driving-licence', gb.drivingLicence],
  ['gb/postcode', gb.postcode],
  ['gb/vat', gb.vat],
  ['gb/chi', gb.chi],
  ['gb/company-number', gb.companyNumber],
  ['gb/upn', gb.upn],
  ['ca/sin', ca.sin],
  ['ca/bn', ca.bn],
  ['ca/ontario-health', ca.ontarioHealth],
  ['ca/bc-health', ca.bcHealth],
  ['ca/quebec-health', ca.quebecHealth],
  ['fr/nir', fr.nir],
  ['fr/siren', fr.siren],
  ['fr/siret', fr.siret],
  ['fr/spi', fr.spi],
  ['fr/tva', fr.tva],
  ['fr/cni', fr.cni],
  ['de/steuer-id', de.steuerId],
  ['de/personalausweis', de.personalausweis],
  ['de/reisepass', de.reisepass],
  ['de/sozialversicherung', de.sozialversicherung],
  ['de/krankenversicherung', de.krankenversicherung],
  ['de/ust', de.ust],
  ['de/lanr', de.lanr],
  ['de/steuernummer', de.steuernummer],
  ['es/dni', es.dni],
  ['es/nie', es.nie],
  ['es/nif-klm', es.nifKlm],
  ['es/cif', es.cif],
  ['es/nif', es.nif],
  ['es/nss', es.nss],
  ['es/ccc', es.ccc],
  ['it/codice-fiscale', it.codiceFiscale],
  ['it/partita-iva', it.partitaIva],
  ['nl/bsn', nl.bsn],
  ['nl/btw', nl.btw],
  ['pl/pesel', pl.pesel],
  ['pl/nip', pl.nip],
  ['pl/regon', pl.regon],
  ['pl/dowod', pl.dowod],
  ['pl/paszport', pl.paszport],
  ['in/aadhaar', india.aadhaar],
  ['in/vid', india.vid],
  ['in/pan', india.pan],
  ['in/gstin', india.gstin],
  ['in/epic', india.epic],
  ['br/cpf', br.cpf],
  ['br/cnpj', br.cnpj],
  ['br/cnh', br.cnh],
  ['br/titulo-eleitor', br.tituloEleitor],
  ['br/pis', br.pis],
  ['br/cns', br.cns],
  ['au/tfn', au.tfn],
  ['au/abn', au.abn],
  ['au/acn', au.acn],
  ['au/medicare', au.medicare],
]);
