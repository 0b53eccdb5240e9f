/** `user.government_id.passport_number` (fideslang) as people read it: "government id › passport number". */
export function categoryText(category: string): string {
  return category.replace(/^user\./, '').replaceAll('_', ' ').replaceAll('.', ' › ');
}
