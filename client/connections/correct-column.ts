/** The user knows better: what a column holds, or that it holds nothing personal. Written into the workspace's inventory file by the server. */
import { l10n, type QuickPickItem, QuickPickItemKind, Uri, window, workspace } from 'vscode';
import type { ConnectionSettings, CorrectInventoryParams, InventoryColumn, InventoryTable } from '#core/wire/protocol.ts';
import type { GateClient } from '../gate/gate-client.ts';
import { tableName } from './data-map.ts';

/** What people call it, with the entity whose category and mask it gets. The commonest first. */
const choices = (): readonly (readonly [entity: string, words: string])[] => [
  ['PERSON', l10n.t('Name of a person')], ['EMAIL_ADDRESS', l10n.t('E-mail address')], ['PHONE_NUMBER', l10n.t('Phone number')], ['ADDRESS', l10n.t('Postal address')],
  ['POSTAL_CODE', l10n.t('Postcode')], ['DATE_OF_BIRTH', l10n.t('Date of birth')], ['NATIONAL_ID_NUMBER', l10n.t('National identity number')], ['TAX_ID_NUMBER', l10n.t('Tax number')],
  ['DRIVER_LICENSE_NUMBER', l10n.t('Driving licence')], ['IBAN_CODE', l10n.t('IBAN')], ['ACCOUNT_NUMBER', l10n.t('Bank account')], ['CREDIT_CARD', l10n.t('Payment card')], ['SALARY', l10n.t('Salary')],
  ['HEALTH_CONDITION', l10n.t('Health condition')], ['MEDICATION', l10n.t('Medication')], ['MEDICAL_RECORD_NUMBER', l10n.t('Medical record')], ['GENDER', l10n.t('Gender')], ['ETHNICITY', l10n.t('Ethnicity')],
  ['NATIONALITY', l10n.t('Nationality')], ['RELIGION', l10n.t('Religion')], ['POLITICAL_OPINION', l10n.t('Political opinion')], ['SEXUAL_ORIENTATION', l10n.t('Sexual orientation')], ['BIOMETRIC_IDENTIFIER', l10n.t('Biometric data')],
  ['IP_ADDRESS', l10n.t('IP address')], ['DEVICE_ID', l10n.t('Device id')], ['GPS_COORDINATES', l10n.t('Whereabouts')], ['USERNAME', l10n.t('User name')], ['PASSWORD', l10n.t('Password')],
  ['CUSTOMER_ID', l10n.t('Customer number')], ['EMPLOYEE_ID', l10n.t('Employee number')], ['PATIENT_ID', l10n.t('Patient number')], ['PHOTO', l10n.t('Picture of a person')],
];

type Item = QuickPickItem & { readonly verdict?: CorrectInventoryParams['verdict'] };

/** `nothing`: said without asking further. Resolves with whether something was written. */
export async function correctColumn(gate: GateClient, connection: ConnectionSettings, table: InventoryTable, column: InventoryColumn, how: 'choose' | 'nothing'): Promise<boolean> {
  const folder = workspace.workspaceFolders?.[0];
  if (folder === undefined) {
    void window.showInformationMessage(l10n.t('Open a folder first: the inventory is a file of the workspace.'));
    return false;
  }
  const name = `${tableName(table)}.${column.name}`;
  const verdict = how === 'nothing' ? null : await pickVerdict(name, column);
  if (verdict === undefined) return false;
  try {
    const { uri, created, overruledBy } = await gate.correctInventory({
      connectionId: connection.id, ...(table.schema === undefined ? {} : { schema: table.schema }), table: table.name, column: column.name, verdict, folder: folder.uri.toString(),
    });
    if (overruledBy !== undefined) {
      void window.showWarningMessage(l10n.t('It is written down, but {0} keeps the last word: {1} stays {2}.', overruledBy.source, name, overruledBy.entity));
    } else {
      const open = l10n.t('Open');
      const said = verdict === null ? l10n.t('{0} counts as not personal from now on.', name) : l10n.t('{0} counts as {1} from now on.', name, verdict.entity);
      // A file that was there already needs no words: the tree shows the change.
      if (!created) window.setStatusBarMessage(`$(check) ${said}`, 5000);
      else {
        void window.showInformationMessage(`${said} ${l10n.t('Commit {0}, so that it counts for everybody.', uri.split('/').at(-1) ?? uri)}`, open)
          .then((picked) => picked === open ? window.showTextDocument(Uri.parse(uri)) : undefined);
      }
    }
    return true;
  } catch (error) {
    void window.showErrorMessage(l10n.t('The inventory was not changed: {0}', error instanceof Error ? error.message : String(error)));
    return false;
  }
}

async function pickVerdict(name: string, { entity: present }: InventoryColumn): Promise<CorrectInventoryParams['verdict'] | undefined> {
  const items: Item[] = [
    { label: `$(circle-slash) ${l10n.t('Nothing personal')}`, verdict: null },
    { label: '', kind: QuickPickItemKind.Separator },
    ...choices().map(([entity, words]): Item => ({ label: words, description: entity === present ? l10n.t('as now') : '', detail: entity, verdict: { entity } })),
  ];
  const picked = await window.showQuickPick(items, { title: l10n.t('What does {0} hold?', name), matchOnDetail: true });
  return picked?.verdict;
}
