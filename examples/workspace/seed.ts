// Someone copied three rows from production to have something to develop against.
export const customers = [
  {
    name: 'Development Account',
    email: 'marta.keller@posteo.de',
    plan: 'team',
    createdAt: '2026-03-14T09:12:00Z',
    requestId: '7f9c24e5-2c31-4b6e-9f0a-3d1c58a2b7e4',
  },
  {
    name: 'Second Account',
    ssn: '536-90-4399',
    plan: 'free',
    version: '4.12.1.100',
    checksum: 'sha256-0UPjpq0G+v2RyzxDbeM8ConLICmLjRgcwuy4Q8d1nQk=',
  },
  {
    name: 'Third Account',
    card: '5412 7534 5678 9010',
    plan: 'team',
    score: 0.5227687358856201,
    supportMail: 'noreply@example.com',
  },
];
