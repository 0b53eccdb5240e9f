/** Names for fakes: common enough to belong to nobody in particular, from several languages. */

export const GIVEN_NAMES: readonly string[] = ('Alex Robin Maria Noah Emma Liam Olivia Lucas Mia Leon Hannah Elias Clara Jonas Lea Felix Ines Hugo Chloe Jules Camille Mateo Sofia Pablo Lucia Diego Elena Marco Giulia Luca Chiara Daan Sanne Bram Anouk '
  + 'Piotr Anna Jan Zofia Ivan Olga Aisha Omar Fatima Yusuf Priya Arjun Ananya Rohan Wei Mei Hiro Yuki Minjun Jiwoo Thabo Amara Kwame Nia').split(' ');
export const FAMILY_NAMES: readonly string[] = ('Smith Brown Taylor Walker Martin Garcia Lopez Romero Silva Santos Costa Rossi Russo Conti Ferrari Muller Schmidt Weber Fischer Wagner Becker Dubois Moreau Laurent Petit Jansen Visser Bakker Smit Nowak '
  + 'Kowalski Novak Horvat Popescu Ivanov Petrov Hansen Larsen Nilsson Virtanen Kim Park Tanaka Sato Chen Wang Nguyen Singh Patel Khan Ali Haddad Okafor Mensah Dlamini Cohen Levi Reyes').split(' ');
export const STREETS: readonly string[] = ['Station Road', 'Mill Lane', 'Church Street', 'Park Avenue', 'Oak Street', 'High Street', 'Maple Drive', 'River Road', 'Elm Close', 'Garden Walk'];
export const TOWNS: readonly string[] = ['Ashford', 'Riverton', 'Lakeside', 'Milbrook', 'Northfield', 'Eastham', 'Westbury', 'Kingsford', 'Oakdale', 'Fairview'];
