/** The build hands a style sheet over as text, so that the shadow root can adopt it whatever the page's policy. */
declare module '*.css' {
  const text: string;
  export default text;
}
