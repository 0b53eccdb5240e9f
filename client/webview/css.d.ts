/** Style sheets are bundled beside their script; importing one has no value. */
declare module '*.css';
