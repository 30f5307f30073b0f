# The tag that longjmp throws: its parameter is the address of what to pass on.
	.tagtype	__c_longjmp i32
	.globl	__c_longjmp
__c_longjmp:
